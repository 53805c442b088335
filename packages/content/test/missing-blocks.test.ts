// @module-tag slow
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCar } from '../src/car/car-reader.ts';
import { type FolderCar, openCar } from '../src/car/folder-car.ts';
import type { BlockPresence } from '../src/car/missing-blocks.ts';
import { blockKey, blockLinks } from '../src/dag/block-links.ts';
import { parseCid } from '../src/dag/link-cid.ts';
import type { ProfileName } from '../src/profile.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

const mebibyte = 1_048_576;

/** Blocks in memory that answer as a node does. */
class MemoryTarget implements BlockPresence {
  readonly blocks = new Map<string, Uint8Array>();
  questions = 0;

  async whole(cids: readonly string[]): Promise<readonly boolean[]> {
    this.questions += cids.length;
    return cids.map((cid) => this.#isWhole(parseCid(cid)));
  }

  #isWhole(cid: ReturnType<typeof parseCid>): boolean {
    const bytes = this.blocks.get(blockKey(cid));
    return bytes !== undefined && blockLinks(cid, bytes).every((child) => this.#isWhole(child));
  }

  async take(car: FolderCar, maxBytes?: number): Promise<{ blocks: number; bytes: number; parts: number }> {
    const { parts, blockCount, byteLength } = await car.missing(this, maxBytes ? { maxBytes } : {});
    for (const part of parts) {
      let bytes = 0;
      for await (const chunk of part.read()) bytes += chunk.length;
      expect(bytes).toBe(part.byteLength);
      for await (const block of part.blocks()) this.blocks.set(blockKey(parseCid(block.cid)), block.bytes);
    }
    return { blocks: blockCount, bytes: byteLength, parts: parts.length };
  }
}

const files = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i % 7}/f${i}`, noise(2_000, i + 1)]));

describe.each<ProfileName>(['unixfs-v1-2025', 'unixfs-v0-2015'])(
  'what a target lacks under %s',
  (profile) => {
    it('is all of it at first, then nothing', async () => {
      const car = await openCar(tempFolder({ ...files(50), big: noise(5 * mebibyte) }), { profile });
      const target = new MemoryTarget();
      expect((await target.take(car)).blocks).toBe(car.blockCount);
      expect(await target.whole([car.cid])).toEqual([true]);
      target.questions = 0;
      expect(await target.take(car)).toEqual({ blocks: 0, bytes: 0, parts: 0 });
      expect(target.questions).toBe(1);
    });

    it('is what changed and the nodes above it', async () => {
      const folder = tempFolder({ ...files(700), big: noise(5 * mebibyte) });
      const target = new MemoryTarget();
      await target.take(await openCar(folder, { profile }));
      writeFileSync(join(folder, 'd3/f10'), noise(2_000, 9_999));
      rmSync(join(folder, 'd4/f4'));
      const car = await openCar(folder, { profile });
      target.questions = 0;
      const sent = await target.take(car);
      // A leaf, the two folders and the root.
      expect(sent.blocks).toBe(4);
      expect(sent.bytes).toBeLessThan(2_000 + 3 * 100 * 64);
      expect(target.questions).toBeLessThan(300);
      expect(await target.whole([car.cid])).toEqual([true]);
    });

    it('is one chunk of a big file, and the nodes above it', async () => {
      const folder = tempFolder({ big: noise(9 * mebibyte), other: noise(3 * mebibyte, 2) });
      const target = new MemoryTarget();
      await target.take(await openCar(folder, { profile }));
      const bytes = noise(9 * mebibyte);
      bytes[6 * mebibyte] = (bytes[6 * mebibyte] as number) ^ 1;
      writeFileSync(join(folder, 'big'), bytes);
      const car = await openCar(folder, { profile });
      expect((await target.take(car)).blocks).toBe(3);
      expect(await target.whole([car.cid])).toEqual([true]);
    });

    it('is the rest of an upload that broke', async () => {
      const car = await openCar(tempFolder({ ...files(300), big: noise(5 * mebibyte) }), { profile });
      const target = new MemoryTarget();
      const { parts } = await car.missing(target, { maxBytes: mebibyte });
      for (const part of parts.slice(0, 2)) {
        for await (const { cid, bytes } of part.blocks()) target.blocks.set(blockKey(parseCid(cid)), bytes);
      }
      const arrived = parts.slice(0, 2).reduce((sum, { byteLength }) => sum + byteLength, 0);
      const rest = await target.take(car);
      expect(rest.bytes).toBeLessThan(car.byteLength - arrived + 100_000);
      expect(await target.whole([car.cid])).toEqual([true]);
    });

    it('is never less than what it needs, whatever blocks got lost', async () => {
      const folder = tempFolder({ ...files(120), big: noise(3 * mebibyte) });
      const car = await openCar(folder, { profile });
      for (let seed = 1; seed <= 40; seed++) {
        const target = new MemoryTarget();
        await target.take(car);
        const lost = noise(4 * target.blocks.size, seed);
        [...target.blocks.keys()].forEach((key, i) => {
          if ((lost[i] as number) < seed * 6) target.blocks.delete(key);
        });
        await target.take(car);
        expect(await target.whole([car.cid])).toEqual([true]);
      }
    });
  },
);

it('comes in parts that are CARs of the same root, each within its limit or one block', async () => {
  const car = await openCar(tempFolder({ ...files(100), big: noise(3 * mebibyte) }));
  const { parts, byteLength } = await car.missing(new MemoryTarget(), { maxBytes: 50_000 });
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.reduce((sum, part) => sum + part.byteLength, 0)).toBe(byteLength);
  for (const part of parts) {
    if (part.blockCount > 1) expect(part.byteLength).toBeLessThan(50_200);
  }
  const { parts: whole } = await car.missing(new MemoryTarget());
  const blocks: string[] = [];
  const [first] = whole;
  if (first === undefined) throw new Error('one part was expected');
  for await (const { cid } of readCar(first.read(), { root: car.cid })) blocks.push(String(cid));
  expect(blocks).toHaveLength(car.blockCount);
});

it('finds a HAMT with one changed file by a few hundred questions', { tags: ['slow'] }, async () => {
  const folder = tempFolder(Object.fromEntries(Array.from({ length: 8_000 }, (_, i) => [`f${i}`, `${i}`])));
  const target = new MemoryTarget();
  await target.take(await openCar(folder));
  writeFileSync(join(folder, 'f77'), 'changed');
  target.questions = 0;
  const car = await openCar(folder);
  const sent = await target.take(car);
  expect(sent.blocks).toBeLessThanOrEqual(4);
  expect(target.questions).toBeLessThan(600);
  expect(await target.whole([car.cid])).toEqual([true]);
});

it('fails where a file changed since it was hashed', async () => {
  const folder = tempFolder({ a: 'one' });
  const car = await openCar(folder);
  writeFileSync(join(folder, 'a'), 'two');
  await expect(new MemoryTarget().take(car)).rejects.toMatchObject({ code: 'changed-while-reading' });
});
