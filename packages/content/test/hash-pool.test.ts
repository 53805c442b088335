import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HashPool } from '../src/hash/hash-pool.ts';
import { profileOf } from '../src/profile.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

const profile = profileOf('unixfs-v1-2025');

function started(): HashPool {
  const pool = new HashPool(2);
  onTestFinished(() => pool.close());
  return pool;
}

it('gives each file once, with its own index, however the batches fall', { tags: ['slow'] }, async () => {
  const names = Array.from({ length: 1500 }, (_, i) => `${i}`);
  const folder = tempFolder(Object.fromEntries(names.map((name) => [name, name])));
  const sizes: number[] = [];
  const paths = names.map((name) => join(folder, name));
  await started().hash(paths, profile, ({ size }, index) => {
    expect(sizes[index]).toBeUndefined();
    sizes[index] = size;
  });
  expect(sizes).toEqual(names.map(({ length }) => length));
});

it('reads nothing more of a batch in which a file failed', async () => {
  const folder = tempFolder({ b: noise(1000), c: noise(1000) });
  const pool = started();
  const paths = ['a', 'b', 'c'].map((name) => join(folder, name));
  await expect(pool.hash(paths, profile, () => {})).rejects.toThrow(/"[^"]*a" could not be read/);
  expect(pool.done[0]).toBe(0);
});
