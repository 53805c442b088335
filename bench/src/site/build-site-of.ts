import { siteFiles } from '@holdfast/site';
import { summarize } from '@holdfast/watch';
import { openHistory } from '@holdfast/watch/node';
import { siteDataset } from './site-dataset.ts';

const [folder = '', datasets] = process.argv.slice(2);
const at = Date.parse('2026-11-27T12:05:00Z');
const summary = await summarize(openHistory(folder).lines(), { at, toLastRound: true });
const values = {
  title: 'Stations',
  address: 'https://data.example.org/',
  datasets: Array.from({ length: Number(datasets) }, (_, index) => siteDataset(index)),
  summary,
  gateways: ['https://ipfs.example.org'],
  at,
};
let [files, bytes] = [0, 0];
for await (const { text } of siteFiles(values)) {
  files += 1;
  if (typeof text === 'string') bytes += Buffer.byteLength(text);
  else for await (const piece of text) bytes += Buffer.byteLength(piece);
}
console.log(JSON.stringify({ files, bytes }));
