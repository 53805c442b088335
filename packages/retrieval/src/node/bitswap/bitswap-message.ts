/** One thing asked for, by the binary form of its CID. */
export interface Want {
  readonly cid: Uint8Array;
  readonly cancel?: boolean;
}

export interface BitswapAnswer {
  readonly blocks: readonly Uint8Array[];
  /** Binary CIDs that the peer says it does not have. */
  readonly lacks: readonly Uint8Array[];
}

// Field numbers and wire types of https://specs.ipfs.tech/bitswap-protocol/, version 1.2.
const varintType = 0;
const bytesType = 2;

/** A wantlist, with its length before it. Each entry asks for the block itself, or to be told that there is none. */
export function encodeWants(wants: readonly Want[]): Uint8Array {
  const entries = wants.map(({ cid }) => {
    const length = fieldLength(cid.length) + 2 * flagLength;
    return { length, framed: fieldLength(length) };
  });
  const listLength = entries.reduce((sum, { framed }) => sum + framed, 0);
  const length = fieldLength(listLength);
  const message = new Uint8Array(varintLength(length) + length);
  let at = putVarint(message, 0, length);
  at = putField(message, at, 1, listLength);
  for (const [index, { cid, cancel }] of wants.entries()) {
    at = putField(message, at, 1, entries[index]?.length ?? 0);
    at = putField(message, at, 1, cid.length);
    message.set(cid, at);
    at = putFlag(message, at + cid.length, 2);
    // Cancelled, or to be told that there is none. wantType 0, a block, is the default and stays unwritten.
    at = putFlag(message, at, cancel === true ? 3 : 5);
  }
  return message;
}

/** What a peer sent, without what is of no use here: its own wants, and blocks of the form before 1.1. */
export function decodeAnswer(message: Uint8Array): BitswapAnswer {
  const blocks: Uint8Array[] = [];
  const lacks: Uint8Array[] = [];
  for (const { id, bytes } of fieldsOf(message)) {
    if (bytes === undefined) continue;
    if (id === 3) blocks.push(lastBytes(bytes, 2) ?? new Uint8Array());
    if (id === 4) {
      const cid = lastBytes(bytes, 1);
      const isLack = [...fieldsOf(bytes)].some((part) => part.id === 2 && part.value === 1);
      if (cid !== undefined && isLack) lacks.push(cid);
    }
  }
  return { blocks, lacks };
}

function lastBytes(message: Uint8Array, id: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const part of fieldsOf(message)) if (part.id === id && part.bytes !== undefined) found = part.bytes;
  return found;
}

interface Field {
  readonly id: number;
  readonly value?: number;
  readonly bytes?: Uint8Array;
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const key = readVarint(message, at);
    const [id, type] = [Math.floor(key.value / 8), key.value % 8];
    const next = readVarint(message, key.end);
    if (type === varintType) {
      yield { id, value: next.value };
      at = next.end;
    } else if (type === bytesType) {
      const end = next.end + next.value;
      if (end > message.length) throw new RangeError('a field ends after its message');
      yield { id, bytes: message.subarray(next.end, end) };
      at = end;
    } else throw new RangeError(`a field of type ${type}, which bitswap does not have`);
  }
}

/** A number of at most 53 bits, and where it ends. */
export function readVarint(
  bytes: Uint8Array,
  from: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = from, factor = 1; at < bytes.length && at < from + 8; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) {
      if (!Number.isSafeInteger(value)) break;
      return { value, end: at + 1 };
    }
  }
  throw new RangeError('a number that does not end, or is too large');
}

const flagLength = 2;

/** A field that says 1. */
function putFlag(into: Uint8Array, at: number, id: number): number {
  into[at] = id * 8 + varintType;
  into[at + 1] = 1;
  return at + flagLength;
}

/** The head of a field of so many bytes. */
function putField(into: Uint8Array, at: number, id: number, length: number): number {
  into[at] = id * 8 + bytesType;
  return putVarint(into, at + 1, length);
}

function putVarint(into: Uint8Array, from: number, value: number): number {
  let [at, left] = [from, value];
  for (; left >= 128; left = Math.floor(left / 128)) into[at++] = (left % 128) + 128;
  into[at++] = left;
  return at;
}

function fieldLength(bytes: number): number {
  return 1 + varintLength(bytes) + bytes;
}

function varintLength(value: number): number {
  return value < 128 ? 1 : 1 + varintLength(Math.floor(value / 128));
}
