import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '1.32.0';

/** zizmor comes from PyPI: HOLDFAST_ZIZMOR, then PATH in this version, then a virtual environment of its own. */
export async function findZizmor(): Promise<string> {
  const given = process.env.HOLDFAST_ZIZMOR;
  if (given) return given;
  if (hasVersion('zizmor')) return 'zizmor';
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'holdfast', `zizmor-${VERSION}`);
  const program = join(folder, 'bin', 'zizmor');
  if (existsSync(program) && hasVersion(program)) return program;
  step(['python3', '-m', 'venv', '--clear', folder]);
  step([
    join(folder, 'bin', 'pip'),
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `zizmor==${VERSION}`,
  ]);
  return program;
}

function hasVersion(program: string): boolean {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return (stdout ?? '').trim() === `zizmor ${VERSION}`;
}

function step([command = '', ...args]: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(
    `zizmor ${VERSION} could not be installed: ${error?.message ?? stderr.trim()}. ` +
      `Install it (pipx install zizmor==${VERSION}) or set HOLDFAST_ZIZMOR to its path.`,
  );
}
