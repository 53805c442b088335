import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a whole file or nothing: a reader never sees half of it, and a full disk leaves the old one. */
export async function writeWhole(place: string, text: string): Promise<void> {
  const draft = join(dirname(place), `.${basename(place)}.${process.pid}.tmp`);
  try {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(draft, text, { flag: 'wx', flush: true });
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unwritten(place, error as NodeJS.ErrnoException);
  }
}

/** The system reports a full disk without the file; a person wants to know which one is missing. */
export function unwritten(what: string, error: NodeJS.ErrnoException): Error {
  const message = `${what} was not written: ${error.message}`;
  return Object.assign(new Error(message, { cause: error }), { code: error.code });
}
