import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '@holdfast/manifest/replace-file';
import { systemReason } from '@holdfast/manifest/text';
import { ContentError } from '../error.ts';
import { maxNameBytes, partSuffix } from '../read/safe-name.ts';

/** Where a file goes, and where it grows until it is whole. */
export interface Target {
  readonly final: string;
  readonly part: string;
}

/** The folder a DAG is written to. Nothing is written through a symbolic link inside it. */
export class TargetFolder {
  readonly #root: string;
  readonly #made = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
  }

  /** Links on the way to the folder are the caller's own; what counts begins below. */
  static async open(path: string): Promise<TargetFolder> {
    try {
      await makeFolder(path);
      return new TargetFolder(await realpath(path));
    } catch (cause) {
      throw writeFailed(path, cause);
    }
  }

  /** Makes the folders above `path`, whose names have been checked. */
  async place(path: string): Promise<Target> {
    const segments = path.split('/');
    const name = segments.pop() as string;
    let folder = this.#root;
    for (const segment of segments) {
      folder = join(folder, segment);
      if (!this.#made.has(folder)) await realFolder(folder);
      this.#made.add(folder);
    }
    return { final: join(folder, name), part: join(folder, partName(name)) };
  }
}

/** The target of a single file, in a folder that is there. */
export function singleTarget(path: string): Target {
  const final = resolve(path);
  return { final, part: join(dirname(final), partName(basename(final))) };
}

function partName(name: string): string {
  const part = `${name}${partSuffix}`;
  return Buffer.byteLength(part) <= maxNameBytes ? part : `${hash('sha256', name)}${partSuffix}`;
}

async function realFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw writeFailed(folder, cause);
  });
  const found = await lstat(folder);
  if (found.isDirectory()) return;
  throw new ContentError('path-unsafe', `"${folder}" expected a real folder, not a link or a file`, {
    subject: folder,
  });
}

/** Opens a part to go on with, or a new one; never through a link that stands in its place. */
export async function openPart(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(path, flags, 0o666).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ELOOP') throw writeFailed(path, cause);
    throw new ContentError('path-unsafe', `"${path}" expected a regular file, got a symbolic link`, {
      subject: path,
    });
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new ContentError('path-unsafe', `"${path}" expected a regular file`, { subject: path });
}

export function writeFailed(path: string, cause: unknown): ContentError {
  return new ContentError('write-failed', `"${path}" could not be written: ${systemReason(cause)}`, {
    cause,
    subject: path,
  });
}
