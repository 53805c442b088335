import { blockKey, CarFrames, type Frame, parseCid } from '@holdfast/content/internal';
import { type BlockRequest, type BlockSession, type BlockSource, ContentError } from '@holdfast/content/read';
import { GatewayFault } from './gateway-fault.ts';
import type { GatewayPool } from './gateway-pool.ts';
import type { PoolEntry } from './pool-entry.ts';

/** How long the next block of a CAR that flows may take before it is asked for elsewhere. */
const stallMs = 250;

/**
 * The blocks of one file from one CAR, taken in the order they are asked for. A CAR that stalls, or has another block
 * than the one asked for, is left; what is still missing comes block by block, from whichever gateway.
 */
export class CarSession implements BlockSession {
  readonly #blocks: BlockSource;
  readonly #pool: GatewayPool;
  readonly #entry: PoolEntry;
  readonly #root: string;
  readonly #request: BlockRequest;
  readonly #abort = new AbortController();
  readonly #seen = new Set<string>();
  #opened = false;
  #frames: AsyncGenerator<Frame, void> | undefined;

  constructor(blocks: BlockSource, pool: GatewayPool, entry: PoolEntry, root: string, request: BlockRequest) {
    this.#blocks = blocks;
    this.#pool = pool;
    this.#entry = entry;
    this.#root = root;
    this.#request = request;
  }

  async block(cid: string): Promise<Uint8Array> {
    if (!this.#opened) {
      this.#opened = true;
      await this.#try(() => this.#open(), this.#entry.patienceMs() + stallMs);
    }
    // `dups=n`: a block that the file has twice is in the CAR once.
    if (this.#frames !== undefined && !this.#seen.has(blockKey(parseCid(cid)))) {
      const bytes = await this.#try(() => this.#next(cid), stallMs);
      if (bytes !== undefined) return bytes;
    }
    return this.#blocks.block(cid, this.#request);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    const frames = this.#frames;
    this.#frames = undefined;
    // What it was waiting for was just aborted: that failure is of no interest.
    await frames?.return().catch(() => undefined);
  }

  async #open(): Promise<void> {
    const signal = AbortSignal.any([this.#request.signal, this.#abort.signal]);
    const frames = new CarFrames(this.#entry.gateway.car(this.#root, signal), {
      maxBlockBytes: this.#request.maxBytes,
    });
    this.#frames = frames.blocks();
    await frames.header();
    await this.#next(this.#root);
  }

  async #next(cid: string): Promise<Uint8Array> {
    const started = performance.now();
    const next = await this.#frames?.next();
    if (next === undefined || next.done === true)
      throw new ContentError('car-truncated', 'the CAR ended early');
    const { bytes, cid: got } = next.value;
    const key = blockKey(got);
    if (key !== blockKey(parseCid(cid))) {
      throw new ContentError('block-unreferenced', 'the CAR has a block that was not asked for');
    }
    this.#seen.add(key);
    const ms = performance.now() - started;
    this.#pool.gave(this.#entry, cid, bytes.length, { headMs: ms, bodyMs: 0, hedged: false });
    return bytes;
  }

  /** The result, or undefined where the CAR was left. A gateway that sent what nobody can have wanted is excluded. */
  async #try<T>(work: () => Promise<T>, patienceMs: number): Promise<T | undefined> {
    // A lone gateway is not left for being slow: there is nobody else to ask.
    const alone = this.#pool.entries.length === 1;
    const timer = alone ? undefined : setTimeout(() => this.#abort.abort(new Stalled()), patienceMs);
    try {
      return await work();
    } catch (error) {
      const { reason } = this.#abort.signal;
      await this.close();
      this.#request.signal.throwIfAborted();
      if (reason instanceof Stalled) this.#pool.lost(this.#entry, patienceMs);
      else if (error instanceof ContentError && error.code !== 'car-truncated')
        this.#pool.failed(
          this.#entry,
          this.#root,
          new GatewayFault('final', error.message, { cause: error }),
        );
      else if (error instanceof GatewayFault && error.kind === 'final')
        this.#pool.failed(this.#entry, this.#root, error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

class Stalled extends Error {
  override readonly name = 'Stalled';
}
