import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DatasetResult, type Desired, desiredPins } from '@holdfast/datasets';
import { systemClock } from '@holdfast/http';
import { inlineFiles } from '@holdfast/manifest/internal';
import { tiers } from '@holdfast/pinning';
import { createGateways } from '@holdfast/retrieval';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkRetrieval } from '../src/retrieval-check.ts';
import { datasetOf } from './support/publisher.ts';

let gateway: Server;
let url: string;
/** CIDs for which the gateway never answers. */
const lost = new Set<string>();
const blocks = new Map<string, Uint8Array>();
let asked = 0;

beforeEach(async () => {
  lost.clear();
  blocks.clear();
  asked = 0;
  gateway = createServer((request, response) => {
    const cid = /^\/ipfs\/([^?]+)/.exec(request.url ?? '')?.[1] ?? '';
    if (lost.has(cid)) {
      asked += 1;
      return;
    }
    const bytes = blocks.get(cid);
    if (bytes === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(bytes);
  });
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterEach(async () => {
  gateway.closeAllConnections();
  await new Promise((done) => gateway.close(done));
});

/** Datasets of one small file each: the file is the root. */
function datasets(count: number, lostOnes: number): { results: DatasetResult[]; desired: Desired } {
  const files = Array.from({ length: count }, (_, index) => {
    const text = `row ${index}\n`;
    const dataset = datasetOf(`data-${index}`, { 'a.csv': text });
    const cid = dataset.files[0]?.cid ?? '';
    if (index < lostOnes) lost.add(cid);
    blocks.set(cid, new TextEncoder().encode(text));
    const manifest = { dataset: { ...dataset, cid }, signatures: [] };
    const trust = { signedBy: [], tierCopies: tiers.standard };
    return {
      path: `manifests/${index}.json`,
      manifest,
      digest: 'd',
      trust,
      files: inlineFiles(dataset.files),
    };
  });
  const desired = desiredPins(files as unknown as Parameters<typeof desiredPins>[0], 'github.com/a/b');
  const results = [...desired.byId].map(([id, { path }]) => ({
    id,
    manifest: path,
    verdict: 'satisfied' as const,
    reason: '2 copies',
  }));
  return { results, desired };
}

const check = (made: ReturnType<typeof datasets>, ms: number, idleMs = 300) =>
  checkRetrieval(
    made.results,
    made.desired,
    { gateways: [url], source: createGateways([{ kind: 'gateway', url }], { idleMs, attempts: 2 }) },
    {
      extent: 'sample',
      random: () => 0,
      signal: AbortSignal.timeout(ms),
      clock: systemClock,
      endsAt: Date.now() + ms,
      log: () => {},
    },
  );

test('seven datasets that nobody has take no time from the others', async () => {
  const made = datasets(20, 7);
  const began = performance.now();
  const checked = await check(made, 60_000);
  expect(checked.map(({ verdict }) => verdict)).toEqual([
    ...Array(7).fill('degraded'),
    ...Array(13).fill('satisfied'),
  ]);
  expect(checked.slice(7).every(({ retrieval }) => retrieval?.ok === true)).toBe(true);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('a root that is lost ends the check of its dataset', async () => {
  await check(datasets(1, 1), 60_000);
  expect(asked).toBe(2);
});

test('no dataset is degraded because another had the time', async () => {
  // Every one of the first eight hangs for longer than the run has.
  const checked = await check(datasets(12, 8), 1_500, 60_000);
  expect(checked.slice(8).map(({ verdict }) => verdict)).toEqual(Array(4).fill('satisfied'));
});
