import { limitOf } from '@holdfast/content/internal';
import type { BlockCache } from './block-cache.ts';

export interface MemoryCacheOptions {
  /** Of all blocks together. Default: 64 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Blocks in memory; when there is no room the one that was not used for longest goes. */
export function memoryCache({ maxBytes }: MemoryCacheOptions = {}): BlockCache {
  return new MemoryCache(limitOf('maxBytes', maxBytes, 64 * 1024 * 1024));
}

class MemoryCache implements BlockCache {
  readonly #maxBytes: number;
  // A map keeps the order of insertion: what is used is inserted anew.
  readonly #blocks = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async get(cid: string): Promise<Uint8Array | undefined> {
    const bytes = this.#blocks.get(cid);
    if (bytes === undefined) return undefined;
    this.#blocks.delete(cid);
    this.#blocks.set(cid, bytes);
    return bytes;
  }

  async put(cid: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#maxBytes || this.#blocks.has(cid)) return;
    this.#blocks.set(cid, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#blocks.delete(oldest);
      this.#bytes -= length;
    }
  }
}
