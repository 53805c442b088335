import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inProcess } from './in-process.ts';

export const binary = new URL('../../.cache/main.js', import.meta.url).pathname;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** A reader that went away before anything was written. */
  readonly closed?: 'stdout' | 'stderr';
  /** Called once it runs, with the way to end it. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with all of standard output so far, each time some arrives. */
  readonly onStdout?: (text: string) => void;
  /** Called with all of standard error so far, each time some arrives. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** A folder of one test, and `holdfast` run in it with nothing of this machine's environment but PATH. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  path(...parts: string[]): string;
  write(files: Record<string, string | Uint8Array>): Promise<void>;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Runs with `--json` and reads the document. */
  json(args: readonly string[], options?: RunOptions): Promise<Ended & { document: JsonDocument }>;
}

export interface JsonDocument {
  readonly holdfast: number;
  readonly verb: string;
  readonly ok: boolean;
  readonly exitCode: number;
  // biome-ignore lint/suspicious/noExplicitAny: each command has its own shape, which the test then asserts.
  readonly result: any;
  readonly problems: readonly {
    code: string;
    file?: string;
    line?: number;
    severity: string;
    message: string;
    hint?: string;
  }[];
  readonly error?: { code: string; message: string; hint?: string };
}

export async function sandbox(): Promise<Sandbox> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  const folder = join(root, 'work');
  const home = join(root, 'home');
  await mkdir(folder);
  await mkdir(home);
  const run = (args: readonly string[], options: RunOptions = {}) =>
    // The loop of one package runs what is not about the process itself from the sources, in this one.
    process.env.HOLDFAST_LOOP && !options.onStart && !options.onStderr && !options.closed
      ? inProcess(args, {
          cwd: folder,
          env: plain({ HOME: home, ...options.env }),
          input: options.input ?? '',
        })
      : execute(process.execPath, [binary, ...args], folder, { HOME: home, ...options.env }, options);
  return {
    folder,
    home,
    path: (...parts) => join(folder, ...parts),
    async write(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    },
    run,
    async json(args, options) {
      const ended = await run([...args, '--json'], options);
      return { ...ended, document: JSON.parse(ended.stdout) as JsonDocument };
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Nothing of this machine's environment but PATH. */
function plain(env: Record<string, string>): Record<string, string> {
  return { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', GIT_CONFIG_NOSYSTEM: '1', ...env };
}

export function execute(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  options: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: plain(env),
      stdio: 'pipe',
    });
    if (options.closed) child[options.closed].destroy();
    options.onStart?.((signal) => child.kill(signal));
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onStdout?.(stdout);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
