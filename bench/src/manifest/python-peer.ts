import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const requirements = fileURLToPath(new URL('../../peers/requirements.txt', import.meta.url));

export interface PythonOptions {
  readonly install: boolean;
  /** A list of packages for pip. Default: those that verify manifests. */
  readonly list?: string;
}

/** A Python with the peer's packages of a list in `peers`, in a virtual environment of its own. */
export async function findPython({
  install,
  list = requirements,
}: PythonOptions): Promise<string | undefined> {
  const packages = await readFile(list);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const digest = createHash('sha256').update(packages).digest('hex').slice(0, 12);
  const folder = join(cache, 'holdfast', `bench-python-${digest}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  if (!install) return undefined;
  try {
    await rm(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--prefer-binary',
      '-r',
      list,
    ]);
    await writeFile(complete, '');
    return python;
  } catch (cause) {
    throw new Error(
      'the Python peer could not be set up. Install Python 3.10 or newer with its venv module ' +
        '(Debian: apt install python3-venv) and let pip reach a package index once.',
      { cause },
    );
  }
}
