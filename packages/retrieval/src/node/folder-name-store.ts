import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NameStore, StoredRecord } from '../names/name-store.ts';
import { parseName } from '../names/record/name.ts';
import type { NameRecord } from '../names/record/record.ts';
import { RecordFault } from '../names/record/record-fault.ts';
import { compareRecords } from '../names/record/select-record.ts';
import { readRecord } from '../names/record/verify-record.ts';

interface Kept extends StoredRecord {
  readonly path: string;
  readonly record: NameRecord;
}

const ending = '.ipns-record';

/**
 * Records of names in a folder, as they travel; the time of a file says when it was confirmed. Whoever reads them verifies
 * them again. Several processes may share a folder: each record has a file of its own, and only lower ones are removed, so
 * the highest stays whoever writes last.
 */
export function folderNameStore(folder: string): NameStore {
  // Anything but a name could be a path to elsewhere.
  const folderOf = (name: string) => join(folder, parseName(name).text);
  return {
    async load(name) {
      const best = highest(await recordsIn(folderOf(name), name));
      return best && { bytes: best.bytes, confirmedAt: best.confirmedAt };
    },
    async save(name, { bytes, confirmedAt }) {
      const own = folderOf(name);
      await mkdir(own, { recursive: true });
      const temporary = join(own, `.${randomUUID()}`);
      await writeFile(temporary, bytes);
      const time = new Date(confirmedAt);
      await utimes(temporary, time, time);
      await rename(temporary, join(own, `${digest(bytes)}${ending}`));
      const all = await recordsIn(own, name);
      const best = highest(all);
      const lower = all.filter(({ record }) => best && compareRecords(record, best.record) < 0);
      await Promise.all(lower.map(({ path }) => rm(path, { force: true })));
    },
  };
}

async function recordsIn(folder: string, name: string): Promise<readonly Kept[]> {
  const files = await readdir(folder).catch(absent);
  const kept = (files ?? [])
    .filter((file) => file.endsWith(ending))
    .map((file) => readKept(join(folder, file), name));
  return (await Promise.all(kept)).filter((one) => one !== undefined);
}

/** Undefined for what was removed meanwhile, or damaged. */
async function readKept(path: string, name: string): Promise<Kept | undefined> {
  const [bytes, facts] = await Promise.all([readFile(path).catch(absent), stat(path).catch(absent)]);
  if (bytes === undefined || facts === undefined) return undefined;
  try {
    const copy = Uint8Array.from(bytes);
    return {
      path,
      bytes: copy,
      confirmedAt: Math.floor(facts.mtimeMs),
      record: readRecord(parseName(name), copy),
    };
  } catch (error) {
    if (error instanceof RecordFault) return undefined;
    throw error;
  }
}

function highest(all: readonly Kept[]): Kept | undefined {
  return all.reduce<Kept | undefined>(
    (best, one) => (best !== undefined && compareRecords(best.record, one.record) >= 0 ? best : one),
    undefined,
  );
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
