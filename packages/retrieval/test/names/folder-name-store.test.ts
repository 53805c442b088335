import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRecord, folderNameStore, generateKey, nameOf, tempFolder } from './support.ts';

const key = generateKey();
const name = nameOf(key.publicKey.bytes).text;
const records = await Promise.all(
  Array.from({ length: 30 }, (_, at) =>
    createRecord(
      { value: '/ipfs/bafkqaaa', sequence: BigInt(at + 1), validUntil: new Date('2999-01-01') },
      key,
    ),
  ),
);
const highest = records.at(-1) as Uint8Array;

it('keeps the highest record, though a slower process saves a lower one after it', async () => {
  const folder = tempFolder();
  await folderNameStore(folder).save(name, { bytes: highest, confirmedAt: 2_000 });
  await folderNameStore(folder).save(name, { bytes: records[0] as Uint8Array, confirmedAt: 3_000 });
  expect(await folderNameStore(folder).load(name)).toEqual({ bytes: highest, confirmedAt: 2_000 });
});

it('keeps the highest of many that are saved at once, and no other', async () => {
  const folder = tempFolder();
  const order = records.map((bytes, at) => ({ bytes, rank: (at * 7) % records.length }));
  await Promise.all(
    order
      .sort((a, b) => a.rank - b.rank)
      .map(({ bytes }) => folderNameStore(folder).save(name, { bytes, confirmedAt: 1_000 })),
  );
  const store = folderNameStore(folder);
  expect((await store.load(name))?.bytes).toEqual(highest);
  await store.save(name, { bytes: highest, confirmedAt: 5_000 });
  expect(await store.load(name)).toEqual({ bytes: highest, confirmedAt: 5_000 });
  expect(await readdir(join(folder, name))).toHaveLength(1);
});

it('passes over what the disk damaged, and takes no path for a name', async () => {
  const folder = tempFolder();
  const store = folderNameStore(folder);
  expect(await store.load(name)).toBeUndefined();
  await store.save(name, { bytes: highest, confirmedAt: 1_000 });
  await writeFile(join(folder, name, 'spoiled.ipns-record'), highest.subarray(1));
  expect((await store.load(name))?.bytes).toEqual(highest);
  await expect(store.load('../elsewhere')).rejects.toThrow(/name/);
});
