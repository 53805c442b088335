import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { loadTrust, type Problem, type Trust } from '@holdfast/manifest';
import { readTrust } from '@holdfast/manifest/node';
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
  const shown = relative(cwd, folder) || '.';
  const loaded = await readTrust(folder, { shown }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Misuse(
      `there is no folder ${escapeText(named ?? folder)}`,
      'holdfast keygen NAME creates public-keys with your key in it',
    );
  });
  return { folder: shown, root: dirname(folder), ...loaded };
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
