import { sha256 } from '@holdfast/manifest';
import { describe, expect, it } from 'vitest';
import { buildFolder } from '../src/dag/folder-dag.ts';
import { cidText, parseCid } from '../src/dag/link-cid.ts';
import { ContentError } from '../src/index.ts';
import { profiles } from '../src/profile.ts';
import { fetchFrom } from '../src/read.ts';
import { DagBuilder } from './support/dag.ts';
import { MemorySource } from './support/memory-source.ts';
import { noise } from './support/temp-folder.ts';

const dag = new DagBuilder();
const parts = Array.from({ length: 9 }, (_, i) => noise(1_000, i + 1));
const content = Buffer.concat(parts);
const file = dag.file(parts.map((bytes) => [dag.raw(bytes), BigInt(bytes.length)] as const));
const deep = dag.directory([['ünïcode 1.csv', dag.raw('a,b\n')]]);
const root = dag.directory([
  ['deep', deep],
  ['file.bin', file],
]);
const source = () => new MemorySource(dag.blocks);
const fetch = fetchFrom(source());
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('fetchFrom', () => {
  it.each([
    `ipfs://${root}/file.bin`,
    `/ipfs/${root}/file.bin`,
    `http://127.0.0.1:8080/ipfs/${root}/file.bin?download=1`,
    `ipfs://${file}`,
  ])('answers %s with the whole file, its length and its tag', async (address) => {
    const response = await fetch(address);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('9000');
    expect(response.headers.get('etag')).toBe(`"${file}"`);
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  it('finds names in Unicode, as a URL writes them', async () => {
    expect(await (await fetch(new URL(`ipfs://${root}/deep/ünïcode%201.csv`))).text()).toBe('a,b\n');
  });

  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=2500-6499', 2_500, 6_500],
    ['bytes=8990-', 8_990, 9_000],
    ['bytes=-10', 8_990, 9_000],
    ['bytes=0-99999', 0, 9_000],
  ])('answers Range %s with those bytes, and reads only their blocks', async (range, start, end) => {
    const from = source();
    const response = await fetchFrom(from)(`ipfs://${file}`, { headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/9000`);
    expect((await bytesOf(response)).equals(content.subarray(start, end))).toBe(true);
    const touched = Math.ceil(end / 1_000) - Math.floor(start / 1_000);
    expect(from.requests.length).toBe(1 + touched);
  });

  it.each([
    ['bytes=9000-', 416],
    ['bytes=-0', 416],
    ['bytes=9-3', 200],
    ['bytes=0-1,4-5', 200],
    ['lines=0-1', 200],
  ])('answers Range %s with %i', async (range, status) => {
    const response = await fetch(`ipfs://${file}`, { headers: { range } });
    expect(response.status).toBe(status);
    if (status === 416) expect(response.headers.get('content-range')).toBe('bytes */9000');
    await response.body?.cancel();
  });

  it('answers HEAD, If-None-Match and If-Range without reading the file', async () => {
    const from = source();
    const own = fetchFrom(from);
    const head = await own(new Request(`http://local/ipfs/${file}`, { method: 'HEAD' }));
    expect([head.status, head.headers.get('content-length'), head.body]).toEqual([200, '9000', null]);
    expect((await own(`ipfs://${file}`, { headers: { 'if-none-match': `"x", "${file}"` } })).status).toBe(
      304,
    );
    expect(from.requests).toHaveLength(1);
    const changed = await own(`ipfs://${file}`, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } });
    expect(changed.status).toBe(200);
    await changed.body?.cancel();
  });

  it('answers 404 for what is not there and for a folder, 405 for writes, and refuses anything but an address of content', async () => {
    for (const path of ['/nothing', '/deep', '/file.bin/below', ''])
      expect((await fetch(`ipfs://${root}${path}`)).status).toBe(404);
    expect((await fetch(`ipfs://${file}`, { method: 'POST' })).status).toBe(405);
    await expect(fetch('https://example.org/data.csv')).rejects.toThrow(ContentError);
    await expect(fetch(`ipfs://${root}/%ff`)).rejects.toThrow('percent-encoded');
    await expect(fetch('ipfs://not-a-cid')).rejects.toThrow(ContentError);
  });

  it('rejects where a source lies, and gives none of what it said', async () => {
    const lies = new Map([...dag.blocks].map(([cid, bytes]) => [cid, bytes.map((byte) => byte ^ 1)]));
    await expect(fetchFrom(new MemorySource(lies))(`ipfs://${file}`)).rejects.toThrow(ContentError);
  });

  it('finds one of 20,000 names of a HAMT by the blocks on its way', async () => {
    const many = new Map<string, Uint8Array>();
    const from = new MemorySource(many);
    const leaf = dag.raw('x');
    many.set(leaf, dag.blocks.get(leaf) as Uint8Array);
    const files = Array.from({ length: 20_000 }, (_, i) => ({
      path: `${i}.csv`,
      size: 1,
      cid: parseCid(leaf),
    }));
    const { digest } = buildFolder(files, profiles['unixfs-v1-2025'], {
      sha256,
      emit: (node) => many.set(cidText('dag-pb', node.digest), node.bytes),
    });
    const shards = cidText('dag-pb', digest);
    const own = fetchFrom(from);
    for (const name of ['0.csv', '12345.csv', '19999.csv']) {
      from.requests.length = 0;
      expect(await (await own(`ipfs://${shards}/${name}`)).text()).toBe('x');
      expect(from.requests.length).toBeLessThan(6);
    }
    expect((await own(`ipfs://${shards}/20000.csv`)).status).toBe(404);
  });
});
