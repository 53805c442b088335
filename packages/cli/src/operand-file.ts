import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Misuse } from './misuse.ts';
import { nearest } from './nearest.ts';
import { printable } from './printable.ts';

/** The bytes of a file named on the command line. */
export async function readOperand(cwd: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, path));
  } catch (error) {
    throw await unreadable(cwd, path, error, 'file');
  }
}

/** Whether a path named on the command line is a file or a folder. */
export async function kindOfOperand(cwd: string, path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(resolve(cwd, path))).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    throw await unreadable(cwd, path, error, 'file or folder');
  }
}

async function unreadable(cwd: string, path: string, error: unknown, what: string): Promise<Error> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const near = await similar(cwd, path);
    return new Misuse(
      `there is no ${what} ${printable(path)}${near ? `; did you mean ${printable(near)}?` : ''}`,
      near ? undefined : `paths are looked up from ${printable(cwd)}`,
    );
  }
  if (code === 'EISDIR') {
    return new Misuse(
      `${printable(path)} is a folder, expected a file`,
      'name the manifest itself, for example manifests/tides-v1.0.0.json',
    );
  }
  return error as Error;
}

async function similar(cwd: string, path: string): Promise<string | undefined> {
  const folder = dirname(resolve(cwd, path));
  const names = await readdir(folder).catch(() => []);
  const near = nearest(basename(path), names);
  return near && (relative(cwd, join(folder, near)) || near);
}
