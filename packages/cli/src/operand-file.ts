import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, parse, relative, resolve, sep } from 'node:path';
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

/** The nearest path that exists: each segment that does not is replaced by the most alike. */
async function similar(cwd: string, path: string): Promise<string | undefined> {
  let at = isAbsolute(path) ? parse(path).root : cwd;
  for (const segment of normalize(relative(at, resolve(cwd, path))).split(sep)) {
    const names = segment === '..' ? [segment] : await readdir(at).catch(() => []);
    const found = names.includes(segment) ? segment : nearest(segment, names);
    if (found === undefined) return undefined;
    at = join(at, found);
  }
  return relative(cwd, at);
}

/** Where a path on the command line leads. */
export function fromCwd(cwd: string, path: string): string {
  return resolve(cwd, path);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
