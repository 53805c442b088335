import { concat, equalBytes, utf8 } from '../crypto/bytes.ts';

// Data types of the SSH protocol, RFC 4251 section 5.

export function wireUint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

export function wireString(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concat(wireUint32(bytes.length), bytes);
}

/** Reads one value after another; `undefined` as soon as the bytes do not match. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  take(length: number): Uint8Array | undefined {
    if (length > this.#bytes.length - this.#offset) return undefined;
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  uint32(): number | undefined {
    const bytes = this.take(4);
    return bytes && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  }

  string(): Uint8Array | undefined {
    const length = this.uint32();
    return length === undefined ? undefined : this.take(length);
  }

  /** A string that is shown or compared as text: printable ASCII and UTF-8, else undefined. */
  text(): string | undefined {
    const bytes = this.string();
    if (bytes === undefined) return undefined;
    const text = new TextDecoder().decode(bytes);
    return equalBytes(utf8(text), bytes) ? text : undefined;
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#offset);
  }
}
