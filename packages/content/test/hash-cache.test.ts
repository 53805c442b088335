// @module-tag slow
import { mkdirSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HashCache } from '../src/hash/hash-cache.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { alignRemembered, decodeRemembered, encodeRemembered } from '../src/hash/remembered-files.ts';
import { verifyFolder } from '../src/hash/verify-folder.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

/** A cache in memory, by a clock that is far ahead of every file unless a test sets it. */
class MemoryCache implements HashCache {
  readonly saved = new Map<string, Uint8Array>();
  readonly ignored: string[] = [];
  saves = 0;
  now = Date.now() + 3_600_000;

  async load(name: string): Promise<Uint8Array | undefined> {
    return this.saved.get(name);
  }

  async save(name: string, bytes: Uint8Array): Promise<void> {
    this.saves += 1;
    this.saved.set(name, bytes);
  }

  clock(): Date {
    return new Date(this.now);
  }

  onIgnored(_name: string, reason: string): void {
    this.ignored.push(reason);
  }
}

const mebibyte = 1_048_576;
const tree = () =>
  tempFolder({
    a: 'one',
    'b/c': 'two',
    'b/long': noise(3 * mebibyte, 2),
    empty: '',
    huge: noise(17 * mebibyte, 3),
  });

describe('a folder hashed with a cache', () => {
  it('is not read the second time, and comes to the same', async () => {
    const folder = tree();
    const cache = new MemoryCache();
    const first = await hashFolder(folder, { cache });
    let bytesRead = 0;
    const second = await hashFolder(folder, {
      cache,
      onProgress: ({ bytes }) => {
        bytesRead = bytes;
      },
    });
    expect(first).toEqual({ ...(await hashFolder(folder)), reused: 0 });
    expect(second).toEqual({ ...first, reused: 5 });
    expect(bytesRead).toBe(0);
    expect(cache.saves).toBe(1);
  });

  it('reads what was changed, added or moved, and nothing else', async () => {
    const folder = tree();
    const cache = new MemoryCache();
    await hashFolder(folder, { cache });
    writeFileSync(join(folder, 'a'), 'ONE');
    writeFileSync(join(folder, 'b/d'), 'new');
    unlinkSync(join(folder, 'empty'));
    const second = await hashFolder(folder, { cache });
    expect(second).toEqual({ ...(await hashFolder(folder)), reused: 3 });
    expect((await hashFolder(folder, { cache })).reused).toBe(5);
  });

  it('sees a change that keeps size and time of modification', async () => {
    const folder = tempFolder({ a: 'one' });
    const path = join(folder, 'a');
    const cache = new MemoryCache();
    utimesSync(path, 1_000_000_000, 1_000_000_000);
    await hashFolder(folder, { cache });
    writeFileSync(path, 'ONE');
    utimesSync(path, 1_000_000_000, 1_000_000_000);
    expect((await hashFolder(folder, { cache })).files).toEqual((await hashFolder(folder)).files);
  });

  it('sees another file in the place of the first', async () => {
    const folder = tempFolder({ 'x/a': 'one', 'y/a': 'two' });
    const place = tempFolder();
    symlinkSync(join(folder, 'x'), join(place, 'data'));
    const cache = new MemoryCache();
    const options = { cache, symlinks: 'follow' } as const;
    await hashFolder(place, options);
    unlinkSync(join(place, 'data'));
    symlinkSync(join(folder, 'y'), join(place, 'data'));
    const { files, reused } = await hashFolder(place, options);
    expect({ files, reused }).toEqual({
      files: (await hashFolder(place, { symlinks: 'follow' })).files,
      reused: 0,
    });
  });

  it('refuses what has taken the place of a file', async () => {
    const folder = tempFolder({ a: 'one', b: 'two' });
    const cache = new MemoryCache();
    await hashFolder(folder, { cache });
    const swap = () => {
      rmSync(join(folder, 'a'));
      mkdirSync(join(folder, 'a'));
    };
    await expect(hashFolder(folder, { cache, onListed: swap })).rejects.toMatchObject({
      code: expect.stringMatching(/^(entry-unsupported|unreadable)$/),
    });
  });

  it('keeps the hashes of each profile apart', async () => {
    const folder = tree();
    const cache = new MemoryCache();
    await hashFolder(folder, { cache });
    const other = await hashFolder(folder, { cache, profile: 'unixfs-v0-2015' });
    expect(other).toEqual(await hashFolder(folder, { profile: 'unixfs-v0-2015' }));
    expect((await hashFolder(folder, { cache, profile: 'unixfs-v0-2015' })).cid).toBe(other.cid);
    expect((await hashFolder(folder, { cache })).reused).toBe(5);
  });

  it('does not remember a file that changed just before: it could change again unseen', async () => {
    const folder = tempFolder({ a: 'one', b: 'two' });
    const cache = new MemoryCache();
    const changed = statSync(join(folder, 'b')).ctimeMs;
    cache.now = changed + 1_900;
    await hashFolder(folder, { cache });
    expect((await hashFolder(folder, { cache })).reused).toBe(0);
    cache.now = changed + 2_100;
    await hashFolder(folder, { cache });
    expect((await hashFolder(folder, { cache })).reused).toBe(2);
  });

  it('is never what a folder is verified with', async () => {
    const folder = tempFolder({ a: 'one' });
    const cache = new MemoryCache();
    const listed = await hashFolder(folder, { cache });
    let bytes = 0;
    const options = { cache, onProgress: (event: { bytes: number }) => (bytes = event.bytes) };
    expect((await verifyFolder(folder, listed, options)).ok).toBe(true);
    expect(bytes).toBe(3);
  });

  it.each([
    ['cut', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 'its checksum does not match'],
    ['empty', () => new Uint8Array(), 'expected at least 48 bytes, got 0'],
    [
      'with one bit changed',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
      'its checksum does not match',
    ],
  ])('ignores a cache that is %s, and says so', async (_, spoil, reason) => {
    const folder = tree();
    const cache = new MemoryCache();
    const first = await hashFolder(folder, { cache });
    for (const [name, bytes] of cache.saved) cache.saved.set(name, spoil(bytes));
    expect(await hashFolder(folder, { cache })).toEqual(first);
    expect(cache.ignored).toEqual([reason]);
    expect((await hashFolder(folder, { cache })).reused).toBe(5);
  });
});

it('finds each remembered file again, whatever came and went', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '/', 'é', '😀') }));
  const inOrder = (paths: string[]) => paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  fc.assert(
    fc.property(names, names, (former, latter) => {
      const files = {
        paths: Buffer.from(inOrder(former).join('\0')),
        count: former.length,
        stamps: BigInt64Array.from(former.flatMap((_, i) => [1n, 2n, 3n, BigInt(i)])),
        sha256: Uint8Array.from({ length: 32 * former.length }, (_, i) => i >> 5),
        leaves: new Map(former.flatMap((_, i) => (i % 2 === 0 ? [[i, noise(64, i)]] : []))),
      };
      const decoded = decodeRemembered(encodeRemembered(files));
      if ('fault' in decoded) throw new Error(decoded.fault);
      const aligned = alignRemembered(decoded, inOrder(latter));
      for (const [i, path] of latter.entries()) {
        const at = former.indexOf(path);
        expect(aligned.stamps[4 * i]).toBe(at < 0 ? -1n : 1n);
        if (at < 0) continue;
        expect(aligned.stamps[4 * i + 3]).toBe(BigInt(at));
        expect(aligned.sha256[32 * i]).toBe(at);
        expect(aligned.leaves.get(i)).toEqual(files.leaves.get(at));
      }
    }),
  );
});
