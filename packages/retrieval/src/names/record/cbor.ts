import { concat } from './bytes.ts';
import { RecordFault } from './record-fault.ts';

// DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/), as far as the data of a record needs it.

/** `undefined` stands for a value of a kind that no field of a record has; it is read past. */
export type CborValue = bigint | Uint8Array | undefined;

const maxDepth = 8;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** One map, in its one encoding: lengths and numbers at their shortest, keys in order and once. */
export function readCborMap(bytes: Uint8Array): Map<string, CborValue> {
  const reader = new Reader(bytes);
  const map = reader.map();
  if (!reader.ended) throw new RecordFault('malformed', 'its data goes on after their end');
  return map;
}

/** The keys are sorted here. */
export function writeCborMap(map: Readonly<Record<string, bigint | Uint8Array>>): Uint8Array {
  const keys = Object.keys(map).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const parts = keys.flatMap((key) => {
    const value = map[key] ?? 0n;
    const text = new TextEncoder().encode(key);
    return typeof value === 'bigint'
      ? [head(3, BigInt(text.length)), text, head(0, value)]
      : [head(3, BigInt(text.length)), text, head(2, BigInt(value.length)), value];
  });
  return concat(head(5, BigInt(keys.length)), ...parts);
}

function head(major: number, value: bigint): Uint8Array {
  if (value < 24n) return Uint8Array.from([(major << 5) | Number(value)]);
  const size = value < 1n << 8n ? 1 : value < 1n << 16n ? 2 : value < 1n << 32n ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = (major << 5) | (24 + Math.log2(size));
  for (let at = size, rest = value; at > 0; at--, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return bytes;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  map(depth = 0): Map<string, CborValue> {
    const { major, value } = this.#head();
    if (major !== 5) throw new RecordFault('malformed', 'its data is not a map');
    return this.#entries(value, depth);
  }

  #entries(count: bigint, depth: number): Map<string, CborValue> {
    const entries = new Map<string, CborValue>();
    let last: string | undefined;
    for (let left = count; left > 0n; left--) {
      const key = this.#key();
      if (last !== undefined && !inOrder(last, key))
        throw new RecordFault('malformed', 'the keys of its data are not in order');
      last = key;
      entries.set(key, this.#value(depth + 1));
    }
    return entries;
  }

  #key(): string {
    const { major, value } = this.#head();
    if (major !== 3) throw new RecordFault('malformed', 'a key of its data is not text');
    return this.#text(value);
  }

  #value(depth: number): CborValue {
    if (depth > maxDepth) throw new RecordFault('malformed', `its data is nested deeper than ${maxDepth}`);
    const { major, value } = this.#head();
    if (major === 0) return value;
    if (major === 2) return this.#take(value);
    if (major === 3) this.#text(value);
    else if (major === 4) for (let left = value; left > 0n; left--) this.#value(depth + 1);
    else if (major === 5) this.#entries(value, depth);
    else if (major === 6) this.#link(value, depth);
    return undefined;
  }

  #link(tag: bigint, depth: number): void {
    if (tag !== 42n || !(this.#value(depth + 1) instanceof Uint8Array))
      throw new RecordFault('malformed', 'its data has a tag that is not a link');
  }

  #head(): { major: number; value: bigint } {
    const first = this.#byte();
    const major = first >> 5;
    const info = first & 31;
    if (major === 7) return { major, value: this.#simple(info) };
    if (info < 24) return { major, value: BigInt(info) };
    if (info > 27) throw new RecordFault('malformed', 'its data has a length that is not stated');
    const size = 2 ** (info - 24);
    let value = 0n;
    for (const byte of this.#take(BigInt(size))) value = (value << 8n) | BigInt(byte);
    const least = size === 1 ? 24n : 1n << BigInt(size * 4);
    if (value < least) throw new RecordFault('malformed', 'its data has a number longer than it needs');
    return { major, value };
  }

  /** False, true, null, or a number of 64 bits that is not whole. */
  #simple(info: number): bigint {
    if (info === 27) this.#take(8n);
    else if (info < 20 || info > 22)
      throw new RecordFault('malformed', 'its data has a kind that is not known');
    return 0n;
  }

  #text(length: bigint): string {
    try {
      return decoder.decode(this.#take(length));
    } catch (error) {
      if (error instanceof RecordFault) throw error;
      throw new RecordFault('malformed', 'its data has a text that is not UTF-8');
    }
  }

  #byte(): number {
    return this.#take(1n)[0] ?? 0;
  }

  #take(length: bigint): Uint8Array {
    const start = this.#at;
    if (length > BigInt(this.#bytes.length - start))
      throw new RecordFault('malformed', 'its data ends in the middle');
    this.#at += Number(length);
    return this.#bytes.slice(start, this.#at);
  }
}

/** The length first, then the bytes. */
function inOrder(a: string, b: string): boolean {
  const [first, second] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return first.length < second.length || (first.length === second.length && a < b);
}
