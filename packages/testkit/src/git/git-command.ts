import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface GitOptions {
  cwd: string;
  input?: Uint8Array;
  env?: Record<string, string>;
}

// Nobody's settings but these, so that a commit has the same name on every machine.
const hermetic = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // Without the dozen sample hooks that every `git init` would copy.
  GIT_TEMPLATE_DIR: '',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'file',
  GIT_AUTHOR_NAME: 'Alice Example',
  GIT_AUTHOR_EMAIL: 'alice@example.org',
  GIT_COMMITTER_NAME: 'Alice Example',
  GIT_COMMITTER_EMAIL: 'alice@example.org',
  LC_ALL: 'C',
  TZ: 'UTC',
};

const settings = ['gc.auto=0', 'maintenance.auto=false', 'core.autocrlf=false', 'advice.detachedHead=false'];

/** Runs git and gives its standard output without the last line break. */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  return (await gitBytes(args, options)).toString().replace(/\n$/, '');
}

/** Runs git and gives its standard output as it is. */
export async function gitBytes(args: readonly string[], { cwd, input, env }: GitOptions): Promise<Buffer> {
  const child = spawn('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, ...hermetic, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // Git may end without reading its input; its exit code says whether it failed.
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0) {
    throw new Error(`git ${args.join(' ')} ended with ${code}: ${Buffer.concat(errors).toString().trim()}`);
  }
  return Buffer.concat(output);
}

/** A PATH with the system's commands and git, and nothing of the workspace or of whoever runs the tests. */
export function minimalPath(...first: string[]): string {
  const places = (process.env.PATH ?? '').split(delimiter);
  const gitFolder = places.find((place) => existsSync(join(place, 'git'))) ?? '/usr/bin';
  return [...new Set([...first, '/usr/local/bin', '/usr/bin', '/bin', gitFolder])].join(delimiter);
}
