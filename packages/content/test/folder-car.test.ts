import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CarReader } from '@ipld/car';
import { describe, expect, it } from 'vitest';
import { readCar } from '../src/car/car-reader.ts';
import { type CarProgress, carOf, openCar } from '../src/car/folder-car.ts';
import { writeCar } from '../src/car/write-car.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import type { ProfileName } from '../src/profile.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

const tree = {
  'a/one': noise(3_000_000, 1),
  'a/same as one': noise(3_000_000, 1),
  'b/prefix of one': noise(2_097_152, 1),
  'b/empty': '',
  'b/also empty': '',
  text: 'hello',
};

describe.each<ProfileName>(['unixfs-v1-2025', 'unixfs-v0-2015'])('the CAR of a folder, %s', (profile) => {
  it('is the same bytes each time, as long as announced, and readable by @ipld/car', async () => {
    const folder = tempFolder(tree);
    const car = await openCar(folder, { profile });
    const bytes = await whole(car.read());
    expect(Buffer.compare(bytes, await whole(carOf(folder, { profile })))).toBe(0);
    expect(bytes.length).toBe(car.byteLength);
    const reader = await CarReader.fromBytes(bytes);
    const [root] = await reader.getRoots();
    expect(root?.toV1().toString()).toBe(car.cid);
    expect(car.cid).toBe((await hashFolder(folder, { profile })).cid);
  });

  it('comes back verified, each block once', async () => {
    const car = await openCar(tempFolder(tree), { profile });
    const seen = new Set<string>();
    for await (const { cid } of readCar(car.read(), { root: car.cid })) {
      expect(seen.has(cid)).toBe(false);
      seen.add(cid);
    }
    expect(seen.size).toBe(car.blockCount);
    expect([...seen][0]).toBe(car.cid);
  });

  it('goes on after an upload broke: by count, and by what has arrived', async () => {
    const car = await openCar(tempFolder(tree), { profile });
    const blocks: string[] = [];
    for await (const { cid } of readCar(car.read())) blocks.push(cid);
    const half = Math.floor(blocks.length / 2);
    expect(await cids(await whole(car.read({ resume: half })))).toEqual(blocks.slice(half));
    const arrived = new Set(blocks.filter((_, i) => i % 3 === 0));
    expect(await cids(await whole(car.read({ resume: (cid) => arrived.has(cid) })))).toEqual(
      blocks.filter((cid) => !arrived.has(cid)),
    );
    // The header alone, when everything is there.
    expect(await cids(await whole(car.read({ resume: blocks.length })))).toEqual([]);
  });
});

it('is the CAR of one block for a small file', async () => {
  const folder = tempFolder({ f: 'hello' });
  const bytes = await whole(carOf(join(folder, 'f')));
  expect(await cids(bytes)).toEqual(['bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq']);
});

it('reports progress up to the whole', async () => {
  const seen: CarProgress[] = [];
  const car = await openCar(tempFolder(tree));
  await whole(car.read({ onProgress: (each) => each.kind === 'car' && seen.push(each) }));
  expect(seen.at(-1)).toEqual({
    kind: 'car',
    blocks: car.blockCount,
    totalBlocks: car.blockCount,
    bytes: car.byteLength,
    totalBytes: car.byteLength,
  });
});

it('does not write a file that changed since it was hashed', async () => {
  const folder = tempFolder({ f: noise(3_000_000) });
  const car = await openCar(folder);
  writeFileSync(join(folder, 'f'), noise(3_000_000, 2));
  await expect(whole(car.read())).rejects.toMatchObject({ code: 'changed-while-reading' });
  truncateSync(join(folder, 'f'), 10);
  await expect(whole(car.read())).rejects.toMatchObject({ code: 'changed-while-reading' });
});

describe('writeCar', () => {
  it('writes the same as the stream, under its name only when whole', async () => {
    const folder = tempFolder(tree);
    const to = join(tempFolder(), 'out.car');
    const controller = new AbortController();
    const aborted = writeCar(folder, to, {
      signal: controller.signal,
      onProgress: (each) => each.kind === 'car' && each.blocks === 3 && controller.abort(new Error('stop')),
    });
    await expect(aborted).rejects.toThrow('stop');
    expect(existsSync(to)).toBe(false);
    expect(existsSync(`${to}.part`)).toBe(true);
    const written = await writeCar(folder, to);
    expect(written).toMatchObject({ resumed: 0, bytes: readFileSync(to).length });
    expect(Buffer.compare(readFileSync(to), await whole(carOf(folder)))).toBe(0);
    expect(existsSync(`${to}.part`)).toBe(false);
  });

  it('resumes a part that broke in the middle of a block', async () => {
    const folder = tempFolder(tree);
    const bytes = await whole(carOf(folder));
    const to = join(tempFolder({ 'out.car.part': bytes.subarray(0, 2_500_000) }), 'out.car');
    const written = await writeCar(folder, to, { resume: true });
    expect(written.resumed).toBeGreaterThan(3);
    expect(Buffer.compare(readFileSync(to), bytes)).toBe(0);
  });

  it.each([
    ['of another folder', async () => whole(carOf(tempFolder({ other: '1' })))],
    ['with a wrong byte', async () => (await whole(carOf(tempFolder(tree)))).fill(1, 1_500_000, 1_500_001)],
    [
      'with more than the whole',
      async () => Buffer.concat([await whole(carOf(tempFolder(tree))), noise(999)]),
    ],
    ['that is no CAR', async () => noise(5000)],
  ])('writes over a part %s', { tags: ['slow'] }, async (_, part) => {
    const folder = tempFolder(tree);
    const to = join(tempFolder({ 'out.car.part': await part() }), 'out.car');
    await writeCar(folder, to, { resume: true });
    expect(Buffer.compare(readFileSync(to), await whole(carOf(folder)))).toBe(0);
  });

  it('says where it could not write', async () => {
    const folder = tempFolder(tree);
    const to = join(folder, 'no such folder', 'out.car');
    await expect(writeCar(folder, to)).rejects.toMatchObject({ code: 'write-failed', subject: `${to}.part` });
    appendFileSync(join(folder, 'text'), 'x');
  });
});

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function cids(car: Uint8Array): Promise<string[]> {
  const reader = await CarReader.fromBytes(car);
  const found: string[] = [];
  for await (const cid of reader.cids()) found.push(cid.toV1().toString());
  return found;
}
