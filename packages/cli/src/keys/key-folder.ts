import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Misuse } from '../frame/misuse.ts';
import type { Ports } from '../frame/ports.ts';

export const keyEnding = '.key';

/** Where private keys are kept: out of any repository, readable by their owner alone. */
export function keyFolder(env: Ports['env']): string {
  const config =
    env.XDG_CONFIG_HOME ||
    ((env.HOME || env.USERPROFILE) && join(env.HOME || env.USERPROFILE || '', '.config'));
  if (env.HOLDFAST_KEYS) return env.HOLDFAST_KEYS;
  if (!config)
    throw new Misuse(
      'there is no home folder to keep keys in',
      'set HOLDFAST_KEYS to a folder, or use -o DIR',
    );
  return join(config, 'holdfast', 'keys');
}

/** Names of the keys in that folder. */
export async function keyNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(keyEnding))
    .map((name) => name.slice(0, -keyEnding.length))
    .sort();
}

/** A path as a person writes it: `~` for their home folder. */
export function homely(path: string, env: Ports['env']): string {
  const home = env.HOME || env.USERPROFILE;
  return home && path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
}
