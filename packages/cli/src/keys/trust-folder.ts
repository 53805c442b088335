import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { loadTrust, type Problem, type Trust, type TrustFile } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';

export interface LoadedTrust {
  /** The folder, relative to the current one. */
  readonly folder: string;
  /** Paths in the policy's rules are relative to it. */
  readonly root: string;
  readonly trust: Trust;
  readonly problems: readonly Problem[];
}

/** The keys and policy of the named folder, else of the nearest `public-keys` at or above `from`. */
export async function trustFrom(
  cwd: string,
  named: string | undefined,
  from = cwd,
): Promise<LoadedTrust | undefined> {
  const folder = named === undefined ? await nearestFolder(resolve(cwd, from)) : resolve(cwd, named);
  if (folder === undefined) return undefined;
  const files = await trustFiles(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Misuse(
      `there is no folder ${escapeText(named ?? folder)}`,
      'holdfast keygen NAME creates public-keys with your key in it',
    );
  });
  const shown = relative(cwd, folder) || '.';
  return { folder: shown, root: dirname(folder), ...loadTrust(files, { folder: shown }) };
}

async function trustFiles(folder: string): Promise<readonly TrustFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  return Promise.all(names.map(async (path) => ({ path, bytes: await readFile(join(folder, path)) })));
}

async function nearestFolder(from: string): Promise<string | undefined> {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'public-keys');
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
    if (dirname(at) === at) return undefined;
  }
}

/** Trust in nobody, with the problem that says there are no keys. */
export function noTrust(cwd: string): LoadedTrust {
  return { folder: 'public-keys', root: cwd, ...loadTrust([], { folder: 'public-keys' }) };
}
