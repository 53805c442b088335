import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../frame/ports.ts';

/** Where the highest record of each name is kept, so that an older one is never taken for new. */
export function stateFolder(env: Ports['env']): string {
  const home = env.HOME || env.USERPROFILE;
  const state = env.XDG_STATE_HOME || (home ? join(home, '.local', 'state') : tmpdir());
  return join(state, 'holdfast', 'names');
}
