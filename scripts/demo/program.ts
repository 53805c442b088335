import { spawn } from 'node:child_process';
import { command, quote } from './stage.ts';

const cli = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname;

/** The story has keys and targets of its own: those of whoever runs it are not touched. */
const kept = ['PATH', 'TMPDIR', 'LANG', 'NO_COLOR', 'FORCE_COLOR'];
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name)));

export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `holdfast` from its sources as a person would, shows the command and what it says, and gives its exit code. */
export function holdfast(shell: Shell, ...args: string[]): Promise<number> {
  command(`holdfast ${args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@holdfast/source', cli, ...args], {
      cwd: shell.cwd,
      env: { ...outside, ...shell.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code) => {
      quote(output.replaceAll(shell.cwd, '.'));
      resolve(code ?? 1);
    });
  });
}

/** As `holdfast`, and the demo ends where it fails. */
export async function succeed(shell: Shell, ...args: string[]): Promise<void> {
  const code = await holdfast(shell, ...args);
  if (code !== 0) throw new Error(`holdfast ${args[0]} ended with ${code}`);
}
