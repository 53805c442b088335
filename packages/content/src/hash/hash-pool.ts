import { availableParallelism } from 'node:os';
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import {
  controlWords,
  type FileDigests,
  type FileFailure,
  type FileOutcome,
  type Job,
  type Layout,
  type Reply,
  ringSlots,
  type SharedJob,
  slotSize,
  stampWords,
} from './hash-protocol.ts';
import { hashThread } from './hash-thread.ts';

export interface HashedFile {
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly leaves?: Uint8Array;
  /** What the file was known by when it was read. */
  readonly stamp?: BigInt64Array;
}

/** What files were known by when they were last hashed, and what they hashed to. */
export interface KnownFiles {
  /** `stampWords` words a file. */
  readonly stamps: BigInt64Array;
  reuse(index: number): HashedFile;
}

interface Thread {
  readonly worker: Worker;
  /** Settles the jobs that it has, in their order. */
  readonly jobs: { resolve(outcomes: readonly FileOutcome[]): void; reject(error: unknown): void }[];
}

const lanesPerThread = 2;
const longestBatch = 256;
const shortestBatch = 4;
const soloLimit = 16 * slotSize;

/** Threads that hash files: small ones each in one thread, big ones in two. */
export class HashPool {
  /** Bytes and files done so far, counted by the threads themselves. */
  readonly #counters = new BigInt64Array(new SharedArrayBuffer(16));
  readonly #threads: Thread[];
  #ended: { readonly reason: unknown } | undefined;

  constructor(concurrency?: number) {
    const threads = limitOf('concurrency', concurrency, Math.min(8, availableParallelism()), 1);
    const source = `const module = (name) => process.getBuiltinModule('node:' + name);
const { parentPort, workerData } = module('worker_threads');
(${hashThread.toString()})(parentPort, module('fs'), module('crypto'), workerData);`;
    // A big file takes two threads, so there are never fewer.
    this.#threads = Array.from({ length: Math.max(2, threads) }, () => this.#start(source));
  }

  /** Hashes all the files, in no order; `index` is that in `paths`. The first file that fails ends it all. */
  async hash(
    paths: readonly string[],
    layout: Layout,
    onFile: (file: HashedFile, index: number) => void,
    known?: KnownFiles,
  ): Promise<void> {
    const big: { index: number; size: number }[] = [];
    // A thread has the next batch before its last answer is read here. Batches get shorter, so that all end together.
    const lanes = this.#threads.flatMap((thread) => Array<Thread>(lanesPerThread).fill(thread));
    let next = 0;
    const small = async (thread: Thread): Promise<void> => {
      while (next < paths.length) {
        const share = Math.ceil((paths.length - next) / (lanes.length * 2));
        const from = next;
        next += Math.min(longestBatch, Math.max(shortestBatch, share));
        const batch = paths.slice(from, next);
        const stamps = known?.stamps.slice(stampWords * from, stampWords * next);
        const job: Job = { kind: 'files', paths: batch, layout, soloLimit, known: stamps };
        const outcomes = await this.#post(thread, job);
        outcomes.forEach((outcome, i) => {
          if (known !== undefined && 'unchanged' in outcome) onFile(known.reuse(from + i), from + i);
          else if ('shared' in outcome) big.push({ index: from + i, size: outcome.shared });
          else onFile(settled(outcome, batch[i] as string), from + i);
        });
      }
    };
    await Promise.all(lanes.map(small));

    const shared = async (pair: readonly Thread[]): Promise<void> => {
      for (let file = big.shift(); file !== undefined; file = big.shift()) {
        const { index, size } = file;
        onFile(await this.#shared(pair, paths[index] as string, size, layout), index);
      }
    };
    await Promise.all(pairs(this.#threads).map(shared));
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
    const { sha256, stamp } = settled(failure ?? (outcomes[0] as FileDigests), path);
    return { size, sha256, stamp, leaves: new Uint8Array(job.digests) };
  }

  #post(thread: Thread, job: Job): Promise<readonly FileOutcome[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended.reason);
        return;
      }
      thread.jobs.push({ resolve, reject });
      thread.worker.postMessage(job);
    });
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
    const thread: Thread = { worker, jobs: [] };
    worker.unref();
    worker.on('message', (reply: Reply) => {
      thread.jobs.shift()?.resolve(unpack(reply));
    });
    worker.on('error', (cause: Error) => {
      this.#end(new ContentError('worker-failed', `a hashing thread failed: ${cause.message}`, { cause }));
    });
    worker.on('exit', () => this.#end(new ContentError('worker-failed', 'a hashing thread ended early')));
    return thread;
  }

  #end(reason: unknown): void {
    this.#ended ??= { reason };
    for (const { jobs } of this.#threads) {
      for (const { reject } of jobs.splice(0)) reject(this.#ended.reason);
    }
  }
}

function pairs(threads: readonly Thread[]): Thread[][] {
  return Array.from({ length: Math.floor(threads.length / 2) }, (_, i) => threads.slice(2 * i, 2 * i + 2));
}

const unchanged = { unchanged: true } as const;

function unpack({ sizes, sha256, stamps, more }: Reply): FileOutcome[] {
  const outcomes: FileOutcome[] = Array.from(sizes, (size, i) => {
    if (size < 0) return unchanged;
    const stamp = stamps.subarray(stampWords * i, stampWords * (i + 1));
    return { size, sha256: sha256.subarray(32 * i, 32 * (i + 1)), stamp };
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

function settled(outcome: FileOutcome, path: string): FileDigests {
  if ('sha256' in outcome) return outcome;
  if (!('failure' in outcome))
    throw new ContentError('worker-failed', `"${path}" was not hashed`, { subject: path });
  const [code, what] = failures[outcome.failure];
  throw new ContentError(code, `"${path}" ${what}: ${outcome.detail}`, { subject: path });
}
