import { parseCid, verifyBlock } from '@holdfast/content/internal';
import type { BlockRequest, BlockSource } from '@holdfast/content/read';
import { SharedCalls } from '../shared-calls.ts';

/** Keeps blocks, as many as it has room for. A block under its CID is right for ever, so nothing in it gets stale. */
export interface BlockCache {
  get(cid: string): Promise<Uint8Array | undefined>;
  /** Keeps a verified block, or does not: a cache that is full or broken is only slower. */
  put(cid: string, bytes: Uint8Array): Promise<void>;
}

export interface CachedSource extends BlockSource {
  readonly hits: number;
  readonly misses: number;
}

/**
 * A source whose blocks are kept: asked of the caches in turn, then of the source. A hit is put into the caches before the
 * one it was in. Files that a source would give as one CAR are asked for block by block, so that each can be kept.
 */
export function cachedSource(source: BlockSource, caches: readonly BlockCache[]): CachedSource {
  return new Cached(source, caches);
}

class Cached implements CachedSource {
  readonly verifies = true;
  readonly #source: BlockSource;
  readonly #caches: readonly BlockCache[];
  readonly #calls = new SharedCalls<Uint8Array>();
  hits = 0;
  misses = 0;

  constructor(source: BlockSource, caches: readonly BlockCache[]) {
    this.#source = source;
    this.#caches = caches;
  }

  block(cid: string, { signal, maxBytes }: BlockRequest): Promise<Uint8Array> {
    return this.#calls.run(`${maxBytes} ${cid}`, signal, (shared) =>
      this.#find(cid, { signal: shared, maxBytes }),
    );
  }

  async #find(cid: string, request: BlockRequest): Promise<Uint8Array> {
    for (const [level, cache] of this.#caches.entries()) {
      const bytes = await cache.get(cid);
      if (bytes === undefined) continue;
      this.hits += 1;
      await this.#keep(cid, bytes, level);
      return bytes;
    }
    this.misses += 1;
    const bytes = await this.#source.block(cid, request);
    if (this.#source.verifies !== true) verifyBlock(parseCid(cid), bytes);
    await this.#keep(cid, bytes, this.#caches.length);
    return bytes;
  }

  async #keep(cid: string, bytes: Uint8Array, levels: number): Promise<void> {
    await Promise.all(this.#caches.slice(0, levels).map((cache) => cache.put(cid, bytes)));
  }
}
