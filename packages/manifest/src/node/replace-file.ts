import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The end of a draft's name: somebody is writing it. */
export const draftEnding = '.part';

/** Writes a file, or replaces it, in one step: others see all of it or what was there before. A secret has the mode 0600 from the start. */
export async function replaceFile(path: string, content: Uint8Array | string, mode?: number): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 13)}${draftEnding}`;
  try {
    await writeFile(draft, content, { flag: 'wx', flush: true, ...(mode !== undefined && { mode }) });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes a folder with those above it. Node calls a disk that refuses the first of several "no such file"; the real reason is asked for. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(await firstMissing(resolve(path)));
    await mkdir(path, { recursive: true });
  }
}

async function firstMissing(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const above = dirname(at);
    const isThere = await stat(above).then(
      () => true,
      () => false,
    );
    if (isThere || above === at) return at;
  }
}
