import { readVarint } from './bitswap-message.ts';

/** What a node takes from another at most, and so may send. */
const maxMessageBytes = 4 << 20;
const maxLengthBytes = 8;

/** Cuts a stream into its messages, each with its length before it. Keeps one message in memory at most. */
export class MessageFrames {
  #head: number[] = [];
  #message: Uint8Array | undefined;
  #filled = 0;

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
      yield this.#message;
      this.#message = undefined;
    }
  }

  #begin(): void {
    const { value } = readVarint(Uint8Array.from(this.#head), 0);
    if (value > maxMessageBytes)
      throw new RangeError(`a message of ${value} bytes, where at most ${maxMessageBytes} are taken`);
    this.#head = [];
    this.#filled = 0;
    this.#message = value === 0 ? undefined : new Uint8Array(value);
  }
}
