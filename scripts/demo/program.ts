import { spawn } from 'node:child_process';
import { command, quote } from './stage.ts';

const cli = new URL('../../packages/cli/dist/main.js', import.meta.url).pathname;

/** The story has keys and a cluster of its own: those of whoever runs it are not touched. */
const outside = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_')),
);

export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `holdfast` as a person would, shows the command and what it says, and gives its exit code. */
export function holdfast(shell: Shell, ...args: string[]): Promise<number> {
  command(`holdfast ${args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
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
