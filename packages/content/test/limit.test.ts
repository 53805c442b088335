import { expect, it } from 'vitest';
import { readCar } from '../src/car/car-reader.ts';
import { fetchVerified } from '../src/fetch/fetch-verified.ts';
import { readVerified } from '../src/fetch/read-verified.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { tempFolder } from './support/temp-folder.ts';

const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
// Nothing listens there: an option that is not looked at first would end in another error.
const sources = [{ kind: 'gateway', url: 'http://127.0.0.1:1' }] as const;

/** What a limit from `Number(process.env.LIMIT)` is where the variable is missing: nothing is above it. */
it.each(['maxBytes', 'maxEntries', 'maxBlockBytes', 'requestTimeoutMs', 'attempts', 'concurrency'])(
  'refuses a fetch with a %s that is not a number',
  async (option) => {
    const options = { to: `${tempFolder()}/new`, attempts: 1, [option]: Number.NaN };
    await expect(fetchVerified(cid, sources, options)).rejects.toThrow(
      `"${option}" expected a number from ${option === 'attempts' || option === 'concurrency' ? 1 : 0}, got NaN`,
    );
  },
);

it('refuses to read, to unpack and to hash with one', async () => {
  const read = readVerified(cid, sources, { attempts: 1, maxBytes: Number.NaN });
  await expect(read.next()).rejects.toThrow('"maxBytes" expected a number from 0, got NaN');
  await expect(readCar([], { maxBytes: -1 }).next()).rejects.toThrow(
    '"maxBytes" expected a number from 0, got -1',
  );
  await expect(hashFolder(tempFolder(), { concurrency: 0 })).rejects.toThrow(
    '"concurrency" expected a number from 1, got 0',
  );
});
