import { expect, it } from 'vitest';
import { readCar } from '../src/car/car-reader.ts';
import { fetchVerified } from '../src/fetch/fetch-verified.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { readVerified } from '../src/read/read-verified.ts';
import { MemorySource } from './support/memory-source.ts';
import { tempFolder } from './support/temp-folder.ts';

const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
// It has nothing: an option that is not looked at first would end in another error.
const source = new MemorySource(new Map());

/** What a limit from `Number(process.env.LIMIT)` is where the variable is missing: nothing is above it. */
it.each(['maxBytes', 'maxEntries', 'maxBlockBytes', 'concurrency'])(
  'refuses a fetch with a %s that is not a number',
  async (option) => {
    const options = { to: `${tempFolder()}/new`, [option]: Number.NaN };
    await expect(fetchVerified(cid, source, options)).rejects.toThrow(
      `"${option}" expected a number from ${option === 'concurrency' ? 1 : 0}, got NaN`,
    );
  },
);

it('refuses to read, to unpack and to hash with one', async () => {
  const read = readVerified(cid, source, { maxBytes: Number.NaN });
  await expect(read.next()).rejects.toThrow('"maxBytes" expected a number from 0, got NaN');
  await expect(readCar([], { maxBytes: -1 }).next()).rejects.toThrow(
    '"maxBytes" expected a number from 0, got -1',
  );
  await expect(hashFolder(tempFolder(), { concurrency: 0 })).rejects.toThrow(
    '"concurrency" expected a number from 1, got 0',
  );
});
