import { availableParallelism } from 'node:os';
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';
import { ContentError } from './error.ts';
import {
  controlWords,
  type FileDigests,
  type FileFailure,
  type FileOutcome,
  type FilesJob,
  type Job,
  type Layout,
  type Reply,
  ringSlots,
  type SharedJob,
  slotSize,
} from './hash-protocol.ts';
import { hashThread } from './hash-thread.ts';

export interface HashedFile {
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly leaves?: Uint8Array;
}

interface Thread {
  readonly worker: Worker;
  /** Settles the job that is running in it. */
  busy: { resolve(outcomes: readonly FileOutcome[]): void; reject(error: unknown): void } | undefined;
}

const batchLength = 32;
const soloLimit = 16 * slotSize;

/** Threads that hash files: small ones each in one thread, big ones in two. Idle threads cost nothing but memory. */
export class HashPool {
  /** Bytes and files done so far, counted by the threads themselves. */
  readonly #counters = new BigInt64Array(new SharedArrayBuffer(16));
  readonly #threads: Thread[];
  readonly #idle: Thread[];
  readonly #waiting: { count: number; resolve(threads: Thread[]): void }[] = [];
  #ended: { readonly reason: unknown } | undefined;

  constructor(concurrency: number = Math.min(8, availableParallelism())) {
    const source = `const module = (name) => process.getBuiltinModule('node:' + name);
const { parentPort, workerData } = module('worker_threads');
(${hashThread.toString()})(parentPort, module('fs'), module('crypto'), workerData);`;
    // A big file takes two threads, so there are never fewer.
    this.#threads = Array.from({ length: Math.max(2, concurrency) }, () => this.#start(source));
    this.#idle = [...this.#threads];
  }

  /** Hashes all the files; the outcome of `paths[i]` is at `i`. The first file that fails ends it all. */
  async hash(paths: readonly string[], layout: Layout): Promise<HashedFile[]> {
    const files = new Array<HashedFile>(paths.length);
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    const run = (work: Promise<void>): void => {
      const tracked = work
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => running.delete(tracked));
      running.add(tracked);
    };

    const big: { index: number; size: number }[] = [];
    for (let from = 0; from < paths.length && failures.length === 0; from += batchLength) {
      const [thread] = await this.#take(1);
      if (thread === undefined) break;
      const batch = paths.slice(from, from + batchLength);
      run(
        this.#files(thread, batch, layout).then((outcomes) => {
          outcomes.forEach((outcome, i) => {
            if ('shared' in outcome) big.push({ index: from + i, size: outcome.shared });
            else files[from + i] = settled(outcome, batch[i] as string);
          });
        }),
      );
    }
    await Promise.all(running);
    for (const { index, size } of big) {
      if (failures.length > 0) break;
      const pair = await this.#take(2);
      run(
        this.#shared(pair, paths[index] as string, size, layout).then((file) => {
          files[index] = file;
        }),
      );
    }
    await Promise.all(running);
    if (failures.length > 0) throw failures[0];
    return files;
  }

  /** Bytes and files hashed so far. */
  get done(): readonly [bytes: number, files: number] {
    return [Number(Atomics.load(this.#counters, 0)), Number(Atomics.load(this.#counters, 1))];
  }

  /** Ends the threads; what still runs in them is rejected with `reason`. */
  close(reason?: unknown): void {
    this.#end(reason ?? new ContentError('worker-failed', 'hashing was ended'));
    for (const { worker } of this.#threads) void worker.terminate();
  }

  async #files(thread: Thread, paths: readonly string[], layout: Layout): Promise<readonly FileOutcome[]> {
    const job: FilesJob = { kind: 'files', paths, layout, soloLimit };
    return this.#post(thread, job);
  }

  async #shared(pair: readonly Thread[], path: string, size: number, layout: Layout): Promise<HashedFile> {
    const [first, second] = pair as [Thread, Thread];
    const job: Omit<SharedJob, 'role'> = {
      kind: 'shared',
      path,
      size,
      layout,
      control: new SharedArrayBuffer(controlWords * 4),
      ring: new SharedArrayBuffer(ringSlots * slotSize),
      digests: new SharedArrayBuffer(Math.ceil(size / layout.chunkSize) * 32),
    };
    const [stream, leaves] = await Promise.all([
      this.#post(first, { ...job, role: 'stream' }),
      this.#post(second, { ...job, role: 'leaves' }),
    ]);
    const outcomes = [...stream, ...leaves] as (FileDigests | FileFailure)[];
    const failure = outcomes.find((outcome) => 'failure' in outcome && outcome.failure !== 'left');
    const { sha256 } = settled(failure ?? (outcomes[0] as FileDigests), path);
    return { size, sha256, leaves: new Uint8Array(job.digests) };
  }

  #post(thread: Thread, job: Job): Promise<readonly FileOutcome[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended.reason);
        return;
      }
      thread.busy = { resolve, reject };
      thread.worker.postMessage(job);
    });
  }

  #take(count: number): Promise<Thread[]> {
    if (this.#ended !== undefined) return Promise.resolve(this.#threads.slice(0, count));
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#serve();
    });
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#idle.length < next.count) return;
      this.#waiting.shift();
      next.resolve(this.#idle.splice(0, next.count));
    }
  }

  #start(source: string): Thread {
    // Without the flags of this process: a loader or an input type meant for its own code would change the thread's.
    const options: WorkerOptions = {
      eval: true,
      execArgv: [],
      env: SHARE_ENV,
      workerData: this.#counters,
      name: 'holdfast-hash',
    };
    const worker = new Worker(source, options);
    const thread: Thread = { worker, busy: undefined };
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const { busy } = thread;
      thread.busy = undefined;
      this.#idle.push(thread);
      busy?.resolve(unpack(reply));
      this.#serve();
    });
    worker.on('error', (cause: Error) => {
      this.#end(new ContentError('worker-failed', `a hashing thread failed: ${cause.message}`, { cause }));
    });
    worker.on('exit', () => this.#end(new ContentError('worker-failed', 'a hashing thread ended early')));
    return thread;
  }

  #end(reason: unknown): void {
    this.#ended ??= { reason };
    for (const thread of this.#threads) {
      thread.busy?.reject(this.#ended.reason);
      thread.busy = undefined;
    }
    // Whoever waits for a thread gets one that is dead, and learns it from the rejection of what it posts.
    for (const { count, resolve } of this.#waiting.splice(0)) resolve(this.#threads.slice(0, count));
  }
}

function unpack({ sizes, sha256, more }: Reply): FileOutcome[] {
  const outcomes: FileOutcome[] = Array.from(sizes, (size, i) => {
    return { size, sha256: sha256.subarray(32 * i, 32 * (i + 1)) };
  });
  for (const [i, rest] of more) {
    outcomes[i] = rest instanceof Uint8Array ? { ...(outcomes[i] as FileDigests), leaves: rest } : rest;
  }
  return outcomes;
}

const failures = {
  changed: ['changed-while-reading', 'changed while it was read'],
  unreadable: ['unreadable', 'could not be read'],
  'not-a-file': ['entry-unsupported', 'is no longer a regular file'],
  left: ['worker-failed', 'was given up'],
} as const;

function settled(outcome: FileDigests | FileFailure | { shared: number }, path: string): FileDigests {
  if ('sha256' in outcome) return outcome;
  if ('shared' in outcome)
    throw new ContentError('worker-failed', `"${path}" was not hashed`, { subject: path });
  const [code, what] = failures[outcome.failure];
  throw new ContentError(code, `"${path}" ${what}: ${outcome.detail}`, { subject: path });
}
