import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Misuse } from '../frame/misuse.ts';
import type { Ports } from '../frame/ports.ts';

export const keyEnding = '.key';

/** The folder of private keys: outside any repository, readable only by its owner. */
export function keyFolder(env: Ports['env']): string {
  const config =
    env.XDG_CONFIG_HOME ||
    ((env.HOME || env.USERPROFILE) && join(env.HOME || env.USERPROFILE || '', '.config'));
  if (env.HOLDFAST_KEYS) return env.HOLDFAST_KEYS;
  if (!config)
    throw new Misuse('there is no home folder for keys', 'set HOLDFAST_KEYS to a folder, or use -o DIR');
  return join(config, 'holdfast', 'keys');
}

/** The names of the keys in a folder. */
export async function keyNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(keyEnding))
    .map((name) => name.slice(0, -keyEnding.length))
    .sort();
}

/** A path the way people write it, with `~` for their home folder. */
export function homely(path: string, env: Ports['env']): string {
  const home = env.HOME || env.USERPROFILE;
  return home && path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
}
