import type * as Crypto from 'node:crypto';
import type * as Fs from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import type {
  FileDigests,
  FileFailure,
  FileOutcome,
  Job,
  Layout,
  Reply,
  SharedJob,
  TooBig,
} from './hash-protocol.ts';

type Digests = Omit<FileDigests, 'stamp'>;

/**
 * All that a hashing thread runs. Its source text is what the thread is started with, so that it works alike from the
 * sources, from a build and inside a bundle of one file; therefore it refers to nothing outside itself.
 */
export function hashThread(
  port: MessagePort,
  fs: typeof Fs,
  crypto: typeof Crypto,
  counters: BigInt64Array,
): void {
  const slotSize = 1_048_576;
  const events = 0;
  const descriptor = 1;
  const stop = 2;
  const read = 3;
  const streamed = 4;
  const hashed = 5;
  const left = 6;
  const ready = 7;
  const buffer = Buffer.allocUnsafeSlow(slotSize);
  const digest = Buffer.alloc(32);

  class Failure extends Error {
    readonly outcome: FileFailure;
    constructor(outcome: FileFailure) {
      super(outcome.detail);
      this.outcome = outcome;
    }
  }

  port.on('message', (job: Job) => {
    if (job.kind === 'files') {
      reply(job.paths.length, (i) => {
        Atomics.add(counters, 1, 1n);
        if (job.known !== undefined && isKnown(job.paths[i] as string, job.known.subarray(4 * i, 4 * i + 4)))
          return { unchanged: true };
        return hashFile(job.paths[i] as string, job.layout, job.soloLimit);
      });
    } else {
      reply(1, () => (job.role === 'stream' ? streamShared(job) : hashSharedLeaves(job)));
    }
  });

  function reply(count: number, work: (index: number) => FileOutcome): void {
    const sizes = new Float64Array(count);
    const sha256 = new Uint8Array(32 * count);
    const stamps = new BigInt64Array(4 * count);
    const more: [number, Uint8Array | FileFailure | TooBig][] = [];
    for (let i = 0; i < count; i++) {
      const outcome = attempt(() => work(i));
      if ('sha256' in outcome) {
        sizes[i] = outcome.size;
        sha256.set(outcome.sha256, 32 * i);
        stamps.set(outcome.stamp, 4 * i);
        if (outcome.leaves !== undefined) more.push([i, outcome.leaves]);
      } else if ('unchanged' in outcome) {
        sizes[i] = -1;
      } else {
        more.push([i, outcome]);
        // Nobody wants the rest of a job that failed.
        if ('failure' in outcome) break;
      }
    }
    port.postMessage({ sizes, sha256, stamps, more } satisfies Reply, [
      sizes.buffer,
      sha256.buffer,
      stamps.buffer,
    ]);
  }

  function attempt(work: () => FileOutcome): FileOutcome {
    try {
      return work();
    } catch (error) {
      if (error instanceof Failure) return error.outcome;
      return { failure: 'unreadable', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Opens without waiting for the other end of a FIFO that has taken the file's place. */
  function open(path: string): number {
    return fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  }

  function examine(fd: number): Fs.BigIntStats {
    const stats = fs.fstatSync(fd, { bigint: true });
    if (!stats.isFile()) throw new Failure({ failure: 'not-a-file', detail: 'expected a regular file' });
    return stats;
  }

  function stampOf({ size, mtimeNs, ctimeNs, ino }: Fs.BigIntStats): BigInt64Array<ArrayBuffer> {
    return BigInt64Array.of(size, mtimeNs, ctimeNs, ino);
  }

  /** Asks the file's entry alone: opening it costs as much as reading a small file. */
  function isKnown(path: string, known: BigInt64Array): boolean {
    if ((known[0] as bigint) < 0n) return false;
    const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return false;
    return stampOf(stats).every((word, i) => word === known[i]);
  }

  function sameFile(before: Fs.BigIntStats, after: Fs.BigIntStats): void {
    for (const key of ['size', 'mtimeNs', 'ctimeNs', 'ino'] as const) {
      if (before[key] !== after[key]) {
        throw new Failure({
          failure: 'changed',
          detail: `its ${key} was ${before[key]} and is now ${after[key]}`,
        });
      }
    }
  }

  /** Fills `target` from `position`, or fails: a file that ends early has changed since it was measured. */
  function fill(fd: number, target: Uint8Array, position: number): void {
    let filled = 0;
    while (filled < target.length) {
      const count = fs.readSync(fd, target, filled, target.length - filled, position + filled);
      if (count === 0)
        throw new Failure({ failure: 'changed', detail: `it ended at byte ${position + filled}` });
      filled += count;
    }
    Atomics.add(counters, 0, BigInt(filled));
  }

  function hashFile(path: string, layout: Layout, soloLimit: number): FileOutcome {
    const fd = open(path);
    try {
      const before = examine(fd);
      const size = Number(before.size);
      if (size > soloLimit) return { shared: size };
      const digests = size <= slotSize ? hashSlot(fd, size, layout) : hashSlots(fd, size, layout);
      sameFile(before, examine(fd));
      return { ...digests, stamp: stampOf(before) };
    } finally {
      fs.closeSync(fd);
    }
  }

  /** The SHA-256, in a buffer that the next call overwrites. As a string it costs no memory of its own. */
  function sha256Of(bytes: Buffer): Buffer {
    digest.write(crypto.hash('sha256', bytes, 'latin1'), 'latin1');
    return digest;
  }

  function hashSlot(fd: number, size: number, layout: Layout): Digests {
    const bytes = buffer.subarray(0, size);
    if (size > 0) fill(fd, bytes, 0);
    if (layout.rawLeaves && size <= layout.chunkSize) return { size, sha256: sha256Of(bytes) };
    const leaves = new Uint8Array(32 * Math.max(1, Math.ceil(size / layout.chunkSize)));
    hashLeaves(bytes, layout, leaves, 0);
    return { size, sha256: sha256Of(bytes), leaves };
  }

  function hashSlots(fd: number, size: number, layout: Layout): Digests {
    const leaves = new Uint8Array(32 * Math.ceil(size / layout.chunkSize));
    const whole = crypto.createHash('sha256');
    for (let at = 0; at < size; at += slotSize) {
      const bytes = buffer.subarray(0, Math.min(slotSize, size - at));
      fill(fd, bytes, at);
      whole.update(bytes);
      hashLeaves(bytes, layout, leaves, at / layout.chunkSize);
    }
    return { size, sha256: whole.digest(), leaves };
  }

  /** Writes the digests of the leaves in `bytes`; `first` is the index of the first of them. */
  function hashLeaves(bytes: Buffer, layout: Layout, digests: Uint8Array, first: number): void {
    let index = first;
    for (let at = 0; at < bytes.length || index === first; at += layout.chunkSize) {
      const chunk = bytes.subarray(at, at + layout.chunkSize);
      digests.set(layout.rawLeaves ? sha256Of(chunk) : hashWrappedLeaf(chunk), index * 32);
      index += 1;
    }
  }

  /** A leaf before raw leaves: a dag-pb node without links around a UnixFS file message around the bytes. */
  function hashWrappedLeaf(chunk: Buffer): Buffer {
    const size = varint(chunk.length);
    const head = chunk.length === 0 ? [0x08, 0x02] : [0x08, 0x02, 0x12, ...size];
    const tail = [0x18, ...size];
    const message = varint(head.length + chunk.length + tail.length);
    return crypto
      .createHash('sha256')
      .update(Buffer.from([0x0a, ...message, ...head]))
      .update(chunk)
      .update(Buffer.from(tail))
      .digest();
  }

  function varint(value: number): number[] {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    return bytes;
  }

  function streamShared(job: SharedJob): FileOutcome {
    const control = new Int32Array(job.control);
    let fd: number | undefined;
    try {
      fd = open(job.path);
      const before = examine(fd);
      if (Number(before.size) !== job.size) {
        throw new Failure({
          failure: 'changed',
          detail: `its size was ${job.size} and is now ${before.size}`,
        });
      }
      signal(control, descriptor, fd + 1);
      const whole = crypto.createHash('sha256');
      eachSlot(job, control, fd, streamed, (bytes) => whole.update(bytes));
      waitFor(control, () => Atomics.load(control, hashed) === Math.ceil(job.size / slotSize));
      sameFile(before, examine(fd));
      return { size: job.size, sha256: whole.digest(), stamp: stampOf(before) };
    } catch (error) {
      signal(control, stop, 1);
      throw error;
    } finally {
      // The other thread may be inside a read of this descriptor: it is closed only when that thread has let go.
      waitFor(control, () => Atomics.load(control, left) === 1, true);
      if (fd !== undefined) fs.closeSync(fd);
    }
  }

  function hashSharedLeaves(job: SharedJob): FileOutcome {
    const control = new Int32Array(job.control);
    const digests = new Uint8Array(job.digests);
    try {
      waitFor(control, () => Atomics.load(control, descriptor) !== 0);
      const fd = Atomics.load(control, descriptor) - 1;
      eachSlot(job, control, fd, hashed, (bytes, at) => {
        hashLeaves(bytes, job.layout, digests, at / job.layout.chunkSize);
      });
      return { size: job.size, sha256: new Uint8Array(), stamp: new BigInt64Array(4) };
    } catch (error) {
      signal(control, stop, 1);
      throw error;
    } finally {
      signal(control, left, 1);
    }
  }

  /** Goes through the file slot by slot. The words `streamed` and `hashed` are how far each of the two has come. */
  function eachSlot(
    job: SharedJob,
    control: Int32Array,
    fd: number,
    own: number,
    use: (bytes: Buffer, at: number) => void,
  ): void {
    const slots = job.ring.byteLength / slotSize;
    const count = Math.ceil(job.size / slotSize);
    const slot = (index: number): Buffer =>
      Buffer.from(job.ring, (index % slots) * slotSize, Math.min(slotSize, job.size - index * slotSize));
    const isReady = (index: number): boolean => Atomics.load(control, ready + (index % slots)) === index + 1;
    const isFree = (index: number): boolean =>
      index - Math.min(Atomics.load(control, streamed), Atomics.load(control, hashed)) < slots;

    const isReadable = (index: number): boolean => index < count && isFree(index);

    for (let index = 0; index < count; index++) {
      // While the other reads this slot there is a later one to read: to sleep and be woken costs more than that.
      while (!isReady(index)) {
        const next = Atomics.load(control, read);
        if (!isReadable(next)) {
          waitFor(control, () => isReady(index) || isReadable(Atomics.load(control, read)));
        } else if (Atomics.compareExchange(control, read, next, next + 1) === next) {
          fill(fd, slot(next), next * slotSize);
          signal(control, ready + (next % slots), next + 1);
        }
      }
      use(slot(index), index * slotSize);
      signal(control, own, index + 1);
    }
  }

  function signal(control: Int32Array, word: number, value: number): void {
    Atomics.store(control, word, value);
    Atomics.add(control, events, 1);
    Atomics.notify(control, events);
  }

  function waitFor(control: Int32Array, condition: () => boolean, stopping = false): void {
    for (;;) {
      const seen = Atomics.load(control, events);
      if (condition()) return;
      if (!stopping && Atomics.load(control, stop) !== 0) {
        throw new Failure({ failure: 'left', detail: 'the other thread gave up' });
      }
      Atomics.wait(control, events, seen);
    }
  }
}
