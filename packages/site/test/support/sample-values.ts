import { text as wholeOf } from 'node:stream/consumers';
import type { Dataset } from '@holdfast/manifest';
import { sampleHistory } from '@holdfast/testkit';
import { type HistoryLine, summarize } from '@holdfast/watch';
import { type SiteDataset, type SiteValues, siteFiles } from '../../src/index.ts';

export const to = Date.parse('2026-11-27T12:00:00Z');
const cid = 'bafybeiguibjqwfq5x6rzmwlyvuknopfrjfxoald4aajvqcijqhp6no5b5q';
const fileCid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';

export const fileOf = (path: string, size = 6) => ({ path, size, sha256: 'ab'.repeat(32), cid: fileCid });

export function datasetOf(name: string, more: Partial<Dataset> = {}): SiteDataset {
  const files = more.files ?? [fileOf('data/1990.csv'), fileOf('README.md')];
  const dataset = {
    name,
    version: '1.0.0',
    revision: 1,
    description: `Readings of ${name}.`,
    license: 'CC-BY-4.0',
    tier: 'important',
    cid,
    profile: 'unixfs-v1-2025',
    totalSize: files.reduce((sum, { size }) => sum + size, 0),
    created: '2026-11-21T06:30:00Z',
    ...more,
    files,
  } as Dataset;
  const path = `manifests/${name}-v${dataset.version}.json`;
  return { path, dataset, digest: '0'.repeat(64), signedBy: ['alice'], files };
}

/** What people would write who want to break a page. */
export const hostile = datasetOf('hostile', {
  title: `<script>alert(1)</script> "x' \u202egnp.elif \u2067right`,
  description: `</title><img src=x onerror=alert(2)>\n\n&lt; --> ]]> \u0007 שלום <b>`,
  keywords: ['<i>', '" onmouseover="alert(3)'],
  citation: '</code></pre><script>alert(4)</script> {\\input{x}} 50 % $& _#',
  homepage: 'https://example.org/?a="><script>alert(5)</script>',
  creators: [{ name: '<u>Ann</u>', url: 'https://example.org/\'"' }],
  sources: [{ title: '</li>', url: 'https://example.org/<>' }],
  mirrors: ['magnet:?xt=urn:btih:"><b>'],
  files: [fileOf('a \'"<b>&.csv'), fileOf('ü/שלום.csv'), fileOf('z?#%41.txt')],
});

export async function sampleValues(
  datasets: readonly SiteDataset[],
  more: Partial<SiteValues> = {},
): Promise<SiteValues> {
  const watched = datasets.map(({ dataset }) => ({
    id: `${dataset.name}@${dataset.version}`,
    cid: dataset.cid,
    size: dataset.totalSize,
    min: 3,
  }));
  const lines = sampleHistory({ datasets: watched, to, days: 90 }) as Iterable<HistoryLine>;
  const at = to + 600_000;
  const summary = await summarize(lines, { at, toLastRound: true });
  return { title: 'Open data', datasets, summary, gateways: ['https://ipfs.example.org'], at, ...more };
}

/** The whole site: the text of each file by its path. No path comes twice. */
export async function builtSite(values: SiteValues): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { path, text } of siteFiles(values)) {
    if (files.has(path)) throw new Error(`${path} comes twice`);
    files.set(path, typeof text === 'string' ? text : await wholeOf(text));
  }
  return files;
}
