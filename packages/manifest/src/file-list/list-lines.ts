import { concat } from '../crypto/bytes.ts';

const lineFeed = 0x0a;
/** More is decoded in parts: a list in one buffer needs no second copy as text. */
const partLength = 1024 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface LineSink {
  /** Return false to stop. */
  line(text: string): boolean;
  notUtf8(): void;
  /** A line was too long. */
  tooLong(): void;
}

/** Cuts bytes that come in parts into lines of UTF-8. Keeps at most one line. */
export class ListLines {
  readonly #sink: LineSink;
  readonly #maxLength: number;
  #rest: Uint8Array = new Uint8Array();
  #done = false;

  constructor(maxLength: number, sink: LineSink) {
    this.#maxLength = maxLength;
    this.#sink = sink;
  }

  /** False if no further line is needed. */
  push(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length && !this.#done; at += partLength)
      this.#part(chunk.subarray(at, at + partLength));
    return !this.#done;
  }

  /** The bytes after the last line feed. */
  get unfinished(): number {
    return this.#rest.length;
  }

  #part(part: Uint8Array): void {
    const end = part.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const whole =
        this.#rest.length === 0 ? part.subarray(0, end) : concat(this.#rest, part.subarray(0, end));
      this.#rest = part.slice(end);
      this.#lines(whole);
    } else this.#rest = concat(this.#rest, part);
    if (this.#done || this.#rest.length <= this.#maxLength) return;
    this.#done = true;
    this.#sink.tooLong();
  }

  #lines(bytes: Uint8Array): void {
    const text = decode(bytes);
    if (text === undefined) {
      this.#linesOneByOne(bytes);
      return;
    }
    for (let start = 0; start < text.length && !this.#done; ) {
      const end = text.indexOf('\n', start);
      this.#line(text.slice(start, end));
      start = end + 1;
    }
  }

  /** Slower: a byte of one of these lines is not UTF-8. */
  #linesOneByOne(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length && !this.#done; ) {
      const end = bytes.indexOf(lineFeed, start);
      const text = decode(bytes.subarray(start, end));
      if (text === undefined) {
        this.#done = true;
        this.#sink.notUtf8();
      } else this.#line(text);
      start = end + 1;
    }
  }

  #line(text: string): void {
    if (text.length > this.#maxLength) {
      this.#done = true;
      this.#sink.tooLong();
    } else if (!this.#sink.line(text)) this.#done = true;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
