import { readdir, readFile, realpath, rm, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { draftEnding, makeFolder as make, replaceFile } from '@holdfast/manifest/replace-file';
import { systemReason } from '@holdfast/manifest/text';
import { PinningError } from '../../target/pinning-error.ts';

/** What no later try fixes: the folder is not one, or is not ours to write to. */
const lasting = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'EEXIST']);

/** Others see the whole file or none. */
export function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  return asPinningErrors(path, () => replaceFile(path, bytes));
}

/** A part belongs to somebody who is writing. */
export function isPart(name: string): boolean {
  return name.endsWith(draftEnding);
}

export function makeFolder(path: string): Promise<unknown> {
  return asPinningErrors(path, () => make(path));
}

/** The one path of a folder that may be reached by several. */
export function realPath(path: string): Promise<string> {
  return asPinningErrors(path, () => realpath(path));
}

export function readWhole(path: string): Promise<Buffer | undefined> {
  return asPinningErrors(path, () => readFile(path).catch(missing));
}

export async function names(folder: string): Promise<string[]> {
  return (await asPinningErrors(folder, () => readdir(folder).catch(missing))) ?? [];
}

export async function exists(path: string): Promise<boolean> {
  return (await asPinningErrors(path, () => stat(path).catch(missing))) !== undefined;
}

export function remove(path: string): Promise<void> {
  return asPinningErrors(path, () => rm(path, { force: true }));
}

/** Of a folder that is not there yet too: it would be made where its parent is. */
export async function freeBytes(folder: string): Promise<number> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = await asPinningErrors(at, () =>
      at === dirname(at) ? statfs(at) : statfs(at).catch(missing),
    );
    if (found !== undefined) return found.bavail * found.bsize;
  }
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

/** A disk that is full or a folder that is not ours is a failure of the world, as a node that is down is. */
async function asPinningErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    throw new PinningError(lasting.has(code) ? 'invalid' : 'unavailable', `${path}: ${systemReason(error)}`, {
      cause: error,
    });
  }
}
