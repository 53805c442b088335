import { CarFrames, type Frame } from '../car/car-reader.ts';
import { blockKey } from '../dag/block-links.ts';
import { type ContentCid, cidText } from '../dag/link-cid.ts';
import { ContentError } from '../error.ts';
import type { BlockFetcher } from './block-fetcher.ts';
import type { Place } from './source.ts';
import { SourceFault } from './source-fault.ts';
import { openBody } from './source-response.ts';

/**
 * The blocks of one file from one CAR, taken in the order they are asked for. A block that is not the one asked
 * for ends the session; what is still missing comes block by block, from whichever source.
 */
export class CarSession {
  readonly #fetcher: BlockFetcher;
  readonly #place: Place;
  readonly #idle: NodeJS.Timeout;
  readonly #abort = new AbortController();
  readonly #seen = new Set<string>();
  #frames: AsyncGenerator<Frame, void> | undefined;

  constructor(fetcher: BlockFetcher, place: Place, idleMs = 30_000) {
    this.#fetcher = fetcher;
    this.#place = place;
    this.#idle = setTimeout(
      () => this.#abort.abort(new DOMException('the CAR stalled', 'TimeoutError')),
      idleMs,
    );
  }

  async open(root: ContentCid): Promise<void> {
    try {
      const signal = AbortSignal.any([this.#fetcher.signal, this.#abort.signal]);
      const body = await openBody(
        this.#place.car(cidText(root.codec, root.digest)),
        this.#fetcher.fetch,
        signal,
      );
      const frames = new CarFrames(body, { maxBlockBytes: this.#fetcher.maxBlockBytes });
      await frames.header();
      this.#frames = frames.blocks();
      await this.#next(root);
    } catch (error) {
      await this.#give(error);
    }
  }

  async block(cid: ContentCid): Promise<Uint8Array> {
    // `dups=n`: a block that the file has twice is in the CAR once.
    if (this.#frames !== undefined && !this.#seen.has(blockKey(cid))) {
      try {
        return await this.#next(cid);
      } catch (error) {
        await this.#give(error);
      }
    }
    return this.#fetcher.block(cid);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#abort.abort();
    // What it was waiting for was just aborted: that failure is of no interest.
    await this.#frames?.return().catch(() => undefined);
    this.#frames = undefined;
  }

  async #next(cid: ContentCid): Promise<Uint8Array> {
    const next = await this.#frames?.next();
    this.#idle.refresh();
    if (next === undefined || next.done === true)
      throw new ContentError('car-truncated', 'the CAR ended early');
    const key = blockKey(next.value.cid);
    if (key !== blockKey(cid)) {
      throw new ContentError('block-unreferenced', 'the CAR has a block that was not asked for');
    }
    this.#seen.add(key);
    return next.value.bytes;
  }

  /** Gives up the CAR. A source that sent what nobody can have wanted is given up with it. */
  async #give(error: unknown): Promise<void> {
    await this.close();
    this.#fetcher.signal.throwIfAborted();
    const lied = error instanceof ContentError && error.code !== 'car-truncated';
    const refused = error instanceof SourceFault && error.kind === 'final';
    if (lied || refused) this.#fetcher.exclude(this.#place, error.message);
  }
}
