import { join } from 'node:path';
import { Misuse } from './misuse.ts';
import type { Ports } from './ports.ts';

/** The folder of a person's own configuration: `~/.config/holdfast`, or below `XDG_CONFIG_HOME`, or on Windows `APPDATA`. */
export function configFolder(env: Ports['env'], platform = process.platform): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  const base =
    env.XDG_CONFIG_HOME ||
    (platform === 'win32' && env.APPDATA) ||
    (home ? join(home, '.config') : undefined);
  return base ? join(base, 'holdfast') : undefined;
}

/** The same folder where a command can't do without it. */
export function neededConfigFolder(env: Ports['env']): string {
  const folder = configFolder(env);
  if (folder) return folder;
  throw new Misuse('there is no home folder for your configuration', 'set HOME or XDG_CONFIG_HOME');
}
