import { mkdirSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const mebibyte = 1_048_576;

/** Bytes that do not compress and differ in each block, the same for the same numbers. */
export function block(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(length / 4);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer);
}

export async function makeFile(path: string, mebibytes: number): Promise<string> {
  const file = await open(path, 'w');
  for (let i = 0; i < mebibytes; i++) await file.write(block(mebibyte, i));
  await file.close();
  return path;
}

/** `count` files of `size` bytes, a hundred to a folder. */
export async function makeFolder(path: string, count: number, size: number): Promise<string> {
  for (let i = 0; i < count; i++) {
    const folder = join(path, String(Math.floor(i / 100)).padStart(4, '0'));
    if (i % 100 === 0) mkdirSync(folder, { recursive: true });
    await writeFile(join(folder, `${String(i).padStart(6, '0')}.bin`), block(size, i));
  }
  return path;
}

/** As datasets are: mostly small files, some of several chunks, one that is as large as all others. */
export async function makeMixedTree(path: string, mebibytes: number): Promise<string> {
  const sizes = [1024, 4096, 16_384, 65_536, 262_144];
  for (let i = 0; i < 2000; i++) {
    const folder = join(path, `year-${i % 40}`, `station-${i % 7}`);
    if (i < 280) mkdirSync(folder, { recursive: true });
    const size = i % 200 === 0 ? 10 * mebibyte : (sizes[i % sizes.length] ?? 0);
    await writeFile(join(folder, `${i}.csv`), block(size, i));
  }
  await makeFile(join(path, 'all.parquet'), mebibytes);
  return path;
}
