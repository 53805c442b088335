import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '@holdfast/manifest/replace-file';

/** Writes a whole file or nothing: a reader never sees half of it, and a full disk leaves the old one. */
export async function writeWhole(place: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(place), { recursive: true });
    await replaceFile(place, text);
  } catch (error) {
    throw unwritten(place, error as NodeJS.ErrnoException);
  }
}

/** The system reports a full disk without the file; a person wants to know which one is missing. */
export function unwritten(what: string, error: NodeJS.ErrnoException): Error {
  const message = `${what} was not written: ${error.message}`;
  return Object.assign(new Error(message, { cause: error }), { code: error.code });
}
