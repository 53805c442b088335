// `npm run site:pictures`: takes the pictures of docs/site.md in Chromium, of this repository's datasets with a sample history.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text as wholeOf } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { type Dataset, readManifest } from '../packages/manifest/src/index.ts';
import { type SiteDataset, siteFiles } from '../packages/site/src/index.ts';
import { sampleHistory, temporaryFolder } from '../packages/testkit/src/index.ts';
import { type HistoryLine, summarize } from '../packages/watch/src/index.ts';

const pictures = [
  { file: 'docs/site-status.png', page: 'index.html', high: 1180 },
  { file: 'docs/site-dataset.png', page: 'datasets/chemical-elements/1.0.0/index.html', high: 1080 },
] as const;

/** The last round of the pictures: their dates do not change with the day they are taken on. */
const to = Date.parse('2026-11-27T12:00:00Z');

const folder = temporaryFolder();
try {
  const datasets = ['chemical-elements', 'si-defining-constants', 'standard-genetic-code'].map(datasetOf);
  const watched = datasets.map(({ dataset: { name, version, cid, totalSize } }) => ({
    id: `${name}@${version}`,
    cid,
    size: totalSize,
    min: 3,
  }));
  const lines = sampleHistory({ datasets: watched, to, days: 90 }) as Iterable<HistoryLine>;
  const values = {
    title: 'Holdfast datasets',
    repository: 'https://github.com/holdfast-data/holdfast',
    datasets,
    summary: await summarize(lines, { at: to, toLastRound: true }),
    gateways: ['https://ipfs.example.org'],
    at: to,
  };
  for await (const { path, text } of siteFiles(values)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof text === 'string' ? text : await wholeOf(text));
  }
  // The clock of the reader would say how old the sample is.
  writeFileSync(join(folder, 'page.js'), '');
  for (const { file, page, high } of pictures) {
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--window-size=1200,${high}`,
    ];
    const more = [`--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${file}`];
    execFileSync('chromium', [...flags, ...more, pathToFileURL(join(folder, page)).href], {
      stdio: 'ignore',
    });
    console.log(`wrote ${file}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function datasetOf(name: string): SiteDataset {
  const path = `manifests/${name}-v1.0.0.json`;
  const read = readManifest(readFileSync(path), { file: path });
  if (!read.ok) throw new Error(`${path} is not valid`);
  const dataset: Dataset = read.manifest.dataset;
  return {
    path,
    dataset,
    digest: 'af041817e0800ab4bf16b78e445479602af9b55d744b40842a5ea74bfe9d7e08',
    signedBy: ['holdfast-datasets'],
    files: dataset.files,
  };
}
