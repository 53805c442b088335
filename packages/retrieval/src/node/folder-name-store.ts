import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NameStore } from '../names/name-store.ts';

/**
 * Records of names in a folder, a file each, as they travel; the time of a file says when it was confirmed. Whoever reads
 * them verifies them again.
 */
export function folderNameStore(folder: string): NameStore {
  const path = (name: string) => join(folder, `${name}.ipns-record`);
  return {
    async load(name) {
      try {
        const [bytes, { mtimeMs }] = await Promise.all([readFile(path(name)), stat(path(name))]);
        return { bytes: Uint8Array.from(bytes), confirmedAt: Math.floor(mtimeMs) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async save(name, { bytes, confirmedAt }) {
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `.${randomUUID()}`);
      await writeFile(temporary, bytes);
      const time = new Date(confirmedAt);
      await utimes(temporary, time, time);
      await rename(temporary, path(name));
    },
  };
}
