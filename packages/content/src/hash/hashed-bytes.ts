import { createHash } from 'node:crypto';

/** Passes bytes on and knows afterwards what they were. */
export class HashedBytes implements AsyncIterable<Uint8Array> {
  readonly #bytes: AsyncIterable<Uint8Array>;
  readonly #hash = createHash('sha256');
  #size = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of this.#bytes) {
      this.#hash.update(chunk);
      this.#size += chunk.length;
      yield chunk;
    }
  }

  /** Size and SHA-256 (hex) of what was passed on so far. */
  seen(): { readonly size: number; readonly sha256: string } {
    return { size: this.#size, sha256: this.#hash.copy().digest('hex') };
  }
}
