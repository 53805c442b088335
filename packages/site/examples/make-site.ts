// The pages of one dataset, in memory: nothing but values is needed.
import { siteFiles } from '@holdfast/site';

const dataset = {
  name: 'tides',
  version: '1.0.0',
  revision: 1,
  description: 'Hourly tide gauges',
  license: 'CC-BY-4.0',
  tier: 'standard',
  cid: 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am',
  profile: 'unixfs-v1-2025',
  totalSize: 6,
  created: '2026-11-21T06:30:00Z',
  files: [],
} as const;
const path = 'manifests/tides-v1.0.0.json';
const version = { path, dataset, digest: '…', signedBy: ['alice'], files: dataset.files };

const pages: string[] = [];
const values = { title: 'Open data', datasets: [version], at: Date.parse('2026-11-27T12:00:00Z') };
for await (const file of siteFiles(values)) if (file.path.endsWith('.html')) pages.push(file.path);
console.log(pages.length); // prints: 5
console.log(pages.at(-1)); // prints: datasets/tides/1.0.0/index.html
