import { joinBytes } from '../bytes.ts';
import { ContentError } from '../error.ts';

/** Takes exact lengths from a stream of chunks, holding no more than one length and one chunk. */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  #chunk: Uint8Array = new Uint8Array();
  #position = 0;
  #arrived = 0;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limit: number, signal?: AbortSignal) {
    this.#source =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#limit = limit;
    this.#signal = signal;
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes, or nothing where the stream ends before them. */
  async take(length: number): Promise<Uint8Array | undefined> {
    if (this.#chunk.length >= length) return this.#cut(length);
    const parts: Uint8Array[] = [];
    let have = 0;
    while (have < length) {
      if (this.#chunk.length === 0 && !(await this.#refill())) return undefined;
      const part = this.#cut(Math.min(length - have, this.#chunk.length));
      parts.push(part);
      have += part.length;
    }
    return joinBytes(parts);
  }

  /** Lets go of the stream where it was not read to its end. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #cut(length: number): Uint8Array {
    const cut = this.#chunk.subarray(0, length);
    this.#chunk = this.#chunk.subarray(length);
    this.#position += length;
    return cut;
  }

  async #refill(): Promise<boolean> {
    this.#signal?.throwIfAborted();
    const { done, value } = await this.#source.next();
    if (done === true) return false;
    this.#chunk = value;
    this.#arrived += value.length;
    if (this.#arrived > this.#limit) {
      throw new ContentError('too-large', `expected at most ${this.#limit} bytes, got more`);
    }
    return true;
  }
}
