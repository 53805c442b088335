import { readVarint } from './bitswap-message.ts';

/** What a node takes from another at most, and so may send. */
const maxMessageBytes = 4 << 20;
const maxLengthBytes = 8;

/** What all streams of one peer may keep of messages that have not ended. */
const maxKeptBytes = 32 << 20;

/** The memory that one peer takes. */
export class KeptBytes {
  #bytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > maxKeptBytes)
      throw new RangeError(`more than ${maxKeptBytes} bytes of messages that do not end`);
  }
}

/** Cuts a stream into its messages, each with its length before it. Keeps one message in memory at most. */
export class MessageFrames {
  readonly #kept: KeptBytes;
  #head: number[] = [];
  #message: Uint8Array | undefined;
  #filled = 0;

  constructor(kept: KeptBytes = new KeptBytes()) {
    this.#kept = kept;
  }

  /** The messages that end in this part. Throws where the stream is none of bitswap. */
  *add(part: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (at < part.length) {
      if (this.#message === undefined) {
        const byte = part[at++] ?? 0;
        this.#head.push(byte);
        if (byte < 128) this.#begin();
        else if (this.#head.length >= maxLengthBytes) throw new RangeError('a message without a length');
        continue;
      }
      const taken = part.subarray(at, at + this.#message.length - this.#filled);
      this.#message.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      if (this.#filled < this.#message.length) return;
      const message = this.#message;
      this.end();
      yield message;
    }
  }

  /** The stream is over, whether its message is or not. */
  end(): void {
    this.#kept.add(-(this.#message?.length ?? 0));
    this.#message = undefined;
  }

  #begin(): void {
    const { value } = readVarint(Uint8Array.from(this.#head), 0);
    if (value > maxMessageBytes)
      throw new RangeError(`a message of ${value} bytes, where at most ${maxMessageBytes} are taken`);
    this.#head = [];
    this.#filled = 0;
    this.#kept.add(value);
    this.#message = value === 0 ? undefined : new Uint8Array(value);
  }
}
