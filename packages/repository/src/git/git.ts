import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { RepositoryError } from '../objects/error.ts';
import { type Environment, type FetchHeader, gitEnvironment, guards } from './git-environment.ts';

export interface GitOptions {
  /** Default: `git` on PATH. */
  readonly program?: string | undefined;
  /** Default: `process.env`. */
  readonly environment?: Environment | undefined;
}

/** Variables of git that this package sets itself: in the environment outside they are dropped. */
type OwnVariables = { readonly own?: Readonly<Record<string, string>> | undefined };

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly header?: FetchHeader | undefined;
  readonly maxBytes?: number | undefined;
  /** The index to read, where it is not the repository's own: `git commit FILE` gives its hooks another. */
  readonly indexFile?: string | undefined;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git on one repository, without a shell. */
export class Git {
  readonly #folder: string;
  readonly #gitDir: string;
  readonly #options: GitOptions & OwnVariables;

  constructor(folder: string, gitDir: string, options: GitOptions & OwnVariables = {}) {
    this.#folder = folder;
    this.#gitDir = gitDir;
    this.#options = options;
  }

  start(
    args: readonly string[],
    { header, indexFile }: Pick<RunOptions, 'header' | 'indexFile'> = {},
  ): ChildProcessWithoutNullStreams {
    const { program = 'git', environment = process.env, own } = this.#options;
    return spawn(program, [...guards, `--git-dir=${this.#gitDir}`, ...args], {
      cwd: this.#folder,
      env: {
        ...gitEnvironment(environment, { header, fetches: args[0] === 'fetch' }),
        ...own,
        ...(indexFile !== undefined && { GIT_INDEX_FILE: indexFile }),
      },
      stdio: 'pipe',
      windowsHide: true,
    });
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<GitResult> {
    const { signal, maxBytes = 1 << 20 } = options;
    signal?.throwIfAborted();
    const child = this.start(args, options);
    child.stdin.on('error', () => {}).end();
    // On SIGTERM git also ends the helper that fetches; a helper that survives must not hold the pipes.
    const stop = () => {
      child.kill('SIGTERM');
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const [stdout, stderr, exitCode] = await Promise.all([
        collect(child.stdout, maxBytes),
        collect(child.stderr, maxBytes),
        exitOf(child),
      ]);
      signal?.throwIfAborted();
      return { exitCode, stdout, stderr };
    } catch (error) {
      throw signal?.aborted ? endedEarly(args, signal) : error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

function endedEarly(args: readonly string[], signal: AbortSignal): RepositoryError {
  return new RepositoryError('aborted', `git ${args[0]} was stopped before it ended`, {
    cause: signal.reason,
  });
}

/** Rejects if the program cannot start. */
export function exitOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(startFailure(cause)));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function startFailure(cause: Error): RepositoryError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return missing
    ? new RepositoryError('git-missing', 'git was not found; install git 2.36 or newer and put it on PATH', {
        cause,
      })
    : new RepositoryError('git-failed', `git did not start: ${cause.message}`, { cause });
}

async function collect(stream: NodeJS.ReadableStream, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
