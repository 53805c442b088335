import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carOf, hashFolder, readCar } from '@holdfast/content';
import type { InlineDataset } from '@holdfast/manifest/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetOf, expectRefused, expectValid, type Scenario, scenario, signed } from './scenario.ts';

const blocks = new Map<string, Uint8Array>();
const asked: string[] = [];
let shared: Scenario;
let folder: string;
let gateway: Server;
let url: string;
let dataset: InlineDataset;

beforeAll(async () => {
  shared = await scenario();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-content-'));
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(2_500_000, 'tides '));
  writeFileSync(join(folder, 'small.csv'), 'a,b\n1,2\n');
  const hash = await hashFolder(folder, {});
  for await (const { cid, bytes } of readCar(carOf(folder, {}))) blocks.set(cid.toString(), bytes);
  const files = hash.files.map(({ path, size, sha256, cid }) => ({ path, size, sha256, cid }));
  dataset = datasetOf('content', '1.0.0', { cid: hash.cid, files, totalSize: hash.totalSize });
  gateway = createServer((request, response) => {
    const cid = request.url?.match(/^\/ipfs\/(\w+)/)?.[1] ?? '';
    asked.push(cid);
    const block = blocks.get(cid);
    response.writeHead(block ? 200 : 404, { 'content-type': 'application/vnd.ipld.raw' }).end(block);
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(async () => {
  gateway.closeAllConnections();
  await new Promise((resolve) => gateway.close(resolve));
  rmSync(folder, { recursive: true });
  await shared[Symbol.asyncDispose]();
});

const file = 'manifests/content.json';
const inputs = () => ({ 'verify-content': 'true', gateways: url });

describe('verify-content', { tags: ['slow'] }, () => {
  it('fetches every file and holds it against the manifest', async () => {
    expectValid(await shared.pull({ [file]: signed(dataset, 'alice') }, { inputs: inputs() }));
    expect(asked).toContain(dataset.files[0]?.cid);
    expect(asked).toContain(dataset.files[1]?.cid);
  });

  it('finds what no proof offline can: a SHA-256 of other bytes than the CID of several blocks', async () => {
    const files = dataset.files.map((one) =>
      one.path === 'large.bin' ? { ...one, sha256: '0'.repeat(64) } : one,
    );
    const text = signed({ ...dataset, files }, 'alice');
    expectValid(await shared.pull({ [file]: text }));
    expectRefused(await shared.pull({ [file]: text }, { inputs: inputs() }), {
      code: 'content/different',
      file,
    });
  });

  it('says what is nowhere to be had', async () => {
    const lost = datasetOf('lost', '1.0.0');
    expectRefused(await shared.pull({ [file]: signed(lost, 'alice') }, { inputs: inputs() }), {
      code: 'content/unavailable',
      file,
    });
  });

  it('believes no gateway: another block under the CID is no content', async () => {
    const cid = dataset.files.find(({ path }) => path === 'small.csv')?.cid ?? '';
    const honest = blocks.get(cid) ?? new Uint8Array();
    blocks.set(cid, Buffer.from('a,b\n6,6\n'));
    const result = await shared.pull({ [file]: signed(dataset, 'alice') }, { inputs: inputs() });
    blocks.set(cid, honest);
    expectRefused(result, { code: 'content/unavailable', file });
  });

  it('ends at its deadline, and says so', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const gateways = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const result = await shared.pull(
      { [file]: signed(dataset, 'alice') },
      { inputs: { ...inputs(), gateways, 'content-deadline': '500ms' } },
    );
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
    expectRefused(result, { code: 'content/deadline', file });
  });

  it('fetches nothing of a manifest that is refused anyway', async () => {
    asked.length = 0;
    expectRefused(await shared.pull({ [file]: signed(dataset, 'mallory') }, { inputs: inputs() }), {
      code: 'trust/unknown-key',
      file,
    });
    expect(asked).toEqual([]);
  });
});

describe('retrievable', { tags: ['slow'] }, () => {
  const lost = datasetOf('lost', '1.0.0');
  const files = { [file]: signed(lost, 'alice') };

  it('says what the gateways could not serve, and what to do before the merge', async () => {
    const result = await shared.pull(files, { inputs: { gateways: url } });
    expectValid(result);
    expect(result.visible).toContain('lost 1.0.0: 1 file added (10 B); the gateways could not serve it');
    expect(JSON.parse(result.outputs.data ?? '')).toMatchObject([{ name: 'lost', retrievable: false }]);
    expect(result.summary).toContain('### Before the merge: publish');
    expect(result.summary).toContain(`holdfast publish &#60;folder&#62; --manifest ${file}`);
  });

  it('asks no more than the root, and says nothing where a gateway has it', async () => {
    asked.length = 0;
    const result = await shared.pull({ [file]: signed(dataset, 'alice') }, { inputs: { gateways: url } });
    expectValid(result);
    expect(asked).toEqual([dataset.cid]);
    expect(JSON.parse(result.outputs.data ?? '')).toMatchObject([{ retrievable: true }]);
    expect(result.summary).not.toContain('Before the merge');
    expect(result.summary).toContain(`${url}/ipfs/${dataset.cid}`);
  });

  it('refuses it where it is asked to', async () => {
    const inputs = { gateways: url, retrievable: 'true' };
    expectRefused(await shared.pull(files, { inputs }), { code: 'content/unavailable', file });
    expectValid(await shared.pull({ [file]: signed(dataset, 'alice') }, { inputs }));
  });

  it('asks nobody where it is off', async () => {
    asked.length = 0;
    expectValid(await shared.pull(files, { inputs: { gateways: url, retrievable: 'false' } }));
    expect(asked).toEqual([]);
  });

  it('needs gateways to refuse anything', async () => {
    const result = await shared.pull(files, { inputs: { retrievable: 'true' } });
    expect(result.exitCode).toBe(2);
    expect(result.annotations).toMatchObject([
      { level: 'error', message: 'input "gateways" is required with retrievable: true' },
    ]);
  });
});
