import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { endMarkedProcesses } from './marked-processes.ts';

/**
 * A scanner's verdict on one file. `failed` is a fault of the scanner, not of the file: it blocks too, since
 * nobody has called the file clean.
 */
export type ScanVerdict =
  | { readonly kind: 'clean' }
  | { readonly kind: 'hit'; readonly says: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly says: string };

export interface Scanner {
  /** Gives the bytes to a fresh run of the program. What `bytes` throws is thrown again. */
  scan(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ScanVerdict>;
  /** Ends what its runs left behind in sessions of their own. */
  close?(): void;
}

export interface ScannerOptions {
  /** The program's whole environment: no secret belongs in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A program that makes no progress for so long is ended. */
  readonly idleMs?: number;
}

const outputLimit = 4096;
/** Exit is not the end of the output while something the program started still holds the pipe. */
const lingerMs = 1000;

/** A program that reads a file on standard input and exits with 0 for clean, 1 for a hit, else with its own failure. */
export function programScanner(
  [program, ...args]: readonly [string, ...string[]],
  { env, cwd, idleMs = 300_000 }: ScannerOptions,
): Scanner {
  const run = randomUUID();
  const marked = { ...env, [markName]: run };
  return {
    close: () => endMarkedProcesses(`${markName}=${run}`),
    async scan(bytes, signal) {
      signal.throwIfAborted();
      // In a group of its own, so that what it started ends with it.
      const child = spawn(program, args, {
        env: marked,
        cwd,
        shell: false,
        stdio: 'pipe',
        detached: !onWindows,
      });
      const running = new Run(child, idleMs);
      signal.addEventListener('abort', running.kill, { once: true });
      try {
        await running.feed(bytes);
        const verdict = await running.verdict();
        signal.throwIfAborted();
        return verdict;
      } finally {
        signal.removeEventListener('abort', running.kill);
        running.kill();
        await running.exit;
      }
    },
  };
}

/** Tells what a scanner started from everything else on the machine. */
const markName = 'HOLDFAST_SCAN';

const onWindows = process.platform === 'win32';

type Exit =
  | { readonly error: NodeJS.ErrnoException }
  | { readonly code: number | null; readonly killedBy: NodeJS.Signals | null };

class Run {
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #idleMs: number;
  readonly #output: Buffer[] = [];
  #outputSize = 0;
  #ended = false;
  #idle = false;
  #cut = false;
  #given = 0;

  constructor(child: ChildProcessWithoutNullStreams, idleMs: number) {
    this.#child = child;
    this.#idleMs = idleMs;
    this.exit = new Promise((resolve) => {
      child.once('error', (error) => resolve({ error }));
      child.once('exit', (code, killedBy) => resolve({ code, killedBy }));
    });
    void this.exit.then(() => {
      this.#ended = true;
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => this.#hear(data));
    // A scanner may stop reading once it has seen enough for a hit; its exit code tells.
    child.stdin.on('error', () => {
      this.#cut = true;
    });
  }

  readonly kill = (): void => {
    if (this.#child.pid === undefined) return;
    try {
      if (onWindows) this.#child.kill('SIGKILL');
      else process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };

  /** Writes at the program's pace; stops without an error when it has gone. */
  async feed(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const { stdin } = this.#child;
    for await (const chunk of bytes) {
      this.#given += chunk.length;
      if (this.#ended || !stdin.writable) {
        this.#cut = true;
        return;
      }
      if (stdin.write(chunk)) continue;
      const moved = new AbortController();
      const either = { signal: moved.signal };
      const drained = Promise.race([once(stdin, 'drain', either), once(stdin, 'close', either), this.exit]);
      await this.#patiently(drained.catch(() => {}));
      moved.abort();
    }
    stdin.end();
  }

  async verdict(): Promise<ScanVerdict> {
    const exit = await this.#patiently(this.exit);
    if (!('error' in exit)) await this.#lastWords();
    const says = Buffer.concat(this.#output).toString('utf8').trim();
    if (this.#idle) {
      const seconds = Math.round(this.#idleMs / 1000);
      return { kind: 'failed', reason: `made no progress for ${seconds} s`, says };
    }
    const verdict = verdictOf(exit, says);
    // clamdscan sends clamd no more than StreamMaxLength and calls the rest clean unseen: that is not clean.
    if (verdict.kind !== 'clean' || !this.#cut || this.#given === 0) return verdict;
    const reason = `called it clean after reading less than ${this.#given} bytes of it; is it larger than a limit of the scanner?`;
    return { kind: 'failed', reason, says };
  }

  async #patiently<T>(waited: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#idle = true;
      this.kill();
    }, this.#idleMs);
    try {
      return await waited;
    } finally {
      clearTimeout(timer);
    }
  }

  async #lastWords(): Promise<void> {
    const { stdin, stdout, stderr } = this.#child;
    const open = [stdin, stdout, stderr].filter((stream) => !stream.closed);
    const linger = AbortSignal.timeout(lingerMs);
    await Promise.all(open.map((stream) => once(stream, 'close', { signal: linger }))).catch(() => {});
    for (const stream of open) stream.destroy();
    this.#cut ||= !stdin.writableFinished;
  }

  #hear(data: Buffer): void {
    const part = data.subarray(0, outputLimit - this.#outputSize);
    this.#outputSize += part.length;
    this.#output.push(part);
  }
}

function verdictOf(exit: Exit, says: string): ScanVerdict {
  if ('error' in exit) {
    const missing = exit.error.code === 'ENOENT';
    const reason = missing
      ? 'could not be started: no such program'
      : `could not be started: ${exit.error.message}`;
    return { kind: 'failed', reason, says };
  }
  if (exit.code === 0) return { kind: 'clean' };
  if (exit.code === 1) return { kind: 'hit', says };
  const how = exit.code === null ? `was ended by ${exit.killedBy ?? 'a signal'}` : `exited with ${exit.code}`;
  return { kind: 'failed', reason: how, says };
}
