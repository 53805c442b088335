import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlock } from '@holdfast/content';
import { beforeEach, describe, expect, it } from 'vitest';
import { DagBuilder } from '../../content/test/support/dag.ts';
import { MemorySource } from '../../content/test/support/memory-source.ts';
import { noise, tempFolder } from '../../content/test/support/temp-folder.ts';
import { type BlockCache, cachedSource, memoryCache } from '../src/index.ts';
import { folderCache } from '../src/node.ts';

const dag = new DagBuilder();
const cids = Array.from({ length: 40 }, (_, i) => dag.raw(noise(1000, i + 1)));
const [one = '', two = '', three = ''] = cids;
const bytesOf = (cid: string): Uint8Array => dag.blocks.get(cid) as Uint8Array;

describe.each<[string, (maxBytes?: number) => BlockCache]>([
  ['memory', (maxBytes) => memoryCache({ maxBytes })],
  ['a folder', (maxBytes) => folderCache(tempFolder(), { maxBytes })],
])('a cache in %s', (_, create) => {
  it('gives what was put into it, and nothing else', async () => {
    const cache = create();
    expect(await cache.get(one)).toBeUndefined();
    await cache.put(one, bytesOf(one));
    expect(Buffer.from((await cache.get(one)) ?? []).equals(bytesOf(one))).toBe(true);
    expect(await cache.get(two)).toBeUndefined();
  });

  it('keeps to its limit', async () => {
    const cache = create(10_000);
    for (const cid of cids) await cache.put(cid, bytesOf(cid));
    const kept = [];
    for (const cid of cids) if ((await cache.get(cid)) !== undefined) kept.push(cid);
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThanOrEqual(10);
  });

  it('takes no block that is larger than all of it', async () => {
    const cache = create(999);
    await cache.put(one, bytesOf(one));
    expect(await cache.get(one)).toBeUndefined();
  });

  it('refuses a limit that is not a number', () => {
    expect(() => create(Number.NaN)).toThrow('"maxBytes" expected a number from 0, got NaN');
  });
});

it('keeps in memory what was used last', async () => {
  const cache = memoryCache({ maxBytes: 2000 });
  await cache.put(one, bytesOf(one));
  await cache.put(two, bytesOf(two));
  await cache.get(one);
  await cache.put(three, bytesOf(three));
  expect([await cache.get(one), await cache.get(two)].map(Boolean)).toEqual([true, false]);
});

describe('a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder();
  });
  const files = (): string[] =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((path) => statSync(path).isFile());

  it('does not give what somebody changed, and deletes it', async () => {
    const cache = folderCache(folder);
    await cache.put(one, bytesOf(one));
    const [path = ''] = files();
    const changed = readFileSync(path);
    changed[0] = (changed[0] ?? 0) ^ 1;
    writeFileSync(path, changed);
    expect(await cache.get(one)).toBeUndefined();
    expect(files()).toEqual([]);
  });

  it('is the same for another process, and leaves no parts', async () => {
    await Promise.all(
      cids.flatMap((cid) =>
        [folderCache(folder), folderCache(folder)].map((cache) => cache.put(cid, bytesOf(cid))),
      ),
    );
    expect(files()).toHaveLength(cids.length);
    expect(await folderCache(folder).get(one)).toHaveLength(1000);
  });

  it('reads and deletes nothing outside of it', async () => {
    const outside = join(tempFolder({ precious: 'precious' }), 'precious');
    for (const name of [`../${outside}`, outside, '../x'])
      await expect(folderCache(folder).get(name)).rejects.toMatchObject({ code: 'cid-invalid' });
    expect(readFileSync(outside, 'utf8')).toBe('precious');
  });

  it('that cannot be written makes no read fail', async () => {
    const file = join(tempFolder({ f: 'a file' }), 'f');
    const source = cachedSource(new MemorySource(dag.blocks), [folderCache(file)]);
    expect(await readBlock(one, source)).toHaveLength(1000);
  });
});

describe('a source with caches', () => {
  it('asks each block of the source once, and fills the nearer caches', async () => {
    const source = new MemorySource(dag.blocks);
    const [near, far] = [memoryCache(), memoryCache()];
    const cached = cachedSource(source, [near, far]);
    for (let i = 0; i < 3; i++) await readBlock(one, cached);
    expect([source.requests.length, cached.hits, cached.misses]).toEqual([1, 2, 1]);
    await readBlock(one, cachedSource(source, [memoryCache(), far]));
    expect(source.requests).toHaveLength(1);
    const nearest = memoryCache();
    await readBlock(one, cachedSource(source, [nearest, near]));
    expect(await nearest.get(one)).toHaveLength(1000);
  });

  it('makes one request for fifty askers', async () => {
    const source = new MemorySource(dag.blocks);
    const cached = cachedSource(source, [memoryCache()]);
    await Promise.all(Array.from({ length: 50 }, () => readBlock(one, cached)));
    expect(source.requests).toEqual([one]);
  });

  it('keeps nothing that a source lied about', async () => {
    const cache = memoryCache();
    const liar = new MemorySource(new Map([[one, bytesOf(two)]]));
    await expect(readBlock(one, cachedSource(liar, [cache]))).rejects.toMatchObject({
      code: 'block-mismatch',
    });
    expect(await cache.get(one)).toBeUndefined();
  });
});
