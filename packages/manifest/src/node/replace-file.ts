import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

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
