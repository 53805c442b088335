import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rootFromFiles } from '@holdfast/content/root';
import { type DatasetFile, sha256 } from '@holdfast/manifest';
import { rawCid, toHex } from '@holdfast/manifest/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf, withList } from '../../../packages/repository/test/dataset.ts';
import {
  datasetOf,
  datasetWith,
  expectRefused,
  expectValid,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

const file = 'manifests/hours-v1.1.0.json';
const list = 'manifests/hours-v1.1.0.files.jsonl';
const many = 30_000;

/** Small files in folders of a thousand; some of their bytes and names follow the version. */
function filesOf(version: number): DatasetFile[] {
  return Array.from({ length: many + version * 10 }, (_, at) => {
    const digest = sha256(Buffer.from(at % 10_000 === 7 ? `${at} of ${version}` : `${at}`));
    const folder = String(Math.floor(at / 1000)).padStart(3, '0');
    const path = `data/${folder}/${String(at).padStart(6, '0')}.csv`;
    return { path, size: 100, sha256: toHex(digest), cid: rawCid(digest) };
  });
}

function hours(version: number) {
  const files = filesOf(version);
  const { cid } = rootFromFiles(files, 'unixfs-v1-2025');
  const { list, fileList, totalSize } = listOf(files);
  const { dataset } = withList(datasetOf('hours', `1.${version}.0`));
  return { dataset: { ...dataset, cid, fileList, totalSize }, list };
}

let shared: Scenario;
let gateway: Server;
const blocks = new Map<string, Uint8Array>();
const [first, second] = [hours(0), hours(1)];

beforeAll(async () => {
  shared = await scenario({
    'manifests/hours-v1.0.0.json': signed(first.dataset, 'alice'),
    'manifests/hours-v1.0.0.files.jsonl': first.list,
  });
  gateway = createServer((request, response) => {
    const block = blocks.get(request.url?.match(/^\/ipfs\/(\w+)/)?.[1] ?? '');
    response.writeHead(block ? 200 : 404, { 'content-type': 'application/vnd.ipld.raw' }).end(block);
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  gateway.closeAllConnections();
  await new Promise((resolve) => gateway.close(resolve));
  await shared[Symbol.asyncDispose]();
});

const proposed = { [file]: signed(second.dataset, 'alice'), [list]: second.list };

describe('a pull request with a list of many files', { tags: ['slow'] }, () => {
  it('shows what changed since the version before, and the cost of that alone', async () => {
    const result = await shared.pull(proposed);
    expectValid(result);
    expect(result.summary).toContain('30,010 files');
    expect(result.summary).toMatch(/\+10 files|10 files/);
    expect(result.summary).toContain('data/030/');
    const [step] = JSON.parse(result.outputs.plan ?? '[]');
    // Ten new files and three changed ones of a hundred bytes, two copies at least.
    expect(step).toMatchObject({ step: 'pin', adds: [2 * 1300, 3 * 1300] });
  });

  it('is annotated on the manifest, with the line of the list in the words', async () => {
    const lines = Buffer.from(second.list).toString().split('\n');
    lines[12_345] = (lines[12_345] ?? '').replace('"size":100', '"size":101');
    const result = await shared.pull({ ...proposed, [list]: lines.join('\n') });
    expectRefused(result, { code: 'list/wrong-sha256' });
    const [annotation] = result.annotations.filter(({ level }) => level === 'error');
    expect(annotation).toMatchObject({ file });
    expect(annotation?.message).toContain(`${list}, line`);
  });

  it('reads from a gateway the list that Git does not have, and refuses another one', async () => {
    const small = withList(datasetWith('small', '1.0.0', { a: '1', b: '2' }));
    const manifest = { 'manifests/small.json': signed(small.dataset, 'alice') };
    const inputs = {
      gateways: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
      retrievable: 'false',
    };
    expectRefused(await shared.pull(manifest), { code: 'list/missing', file: 'manifests/small.json' });
    expectRefused(await shared.pull(manifest, { inputs }), { code: 'list/missing' });
    blocks.set(small.dataset.fileList.cid, small.list);
    expectValid(await shared.pull(manifest, { inputs }));
    blocks.set(small.dataset.fileList.cid, Buffer.from('something else\n'));
    expectRefused(await shared.pull(manifest, { inputs }), { code: 'list/missing' });
  });
});
