import { concat } from './bytes.ts';
import { RecordFault } from './record-fault.ts';

// https://protobuf.dev/programming-guides/encoding/, as far as a record needs it.

export type ProtobufValue = bigint | Uint8Array;

/** The fields of a message by number. A field that comes twice is refused: readers differ in which one counts. */
export function readProtobuf(bytes: Uint8Array): Map<number, ProtobufValue> {
  const reader = new Reader(bytes);
  const fields = new Map<number, ProtobufValue>();
  while (!reader.ended) {
    const tag = Number(reader.varint());
    const number = Math.floor(tag / 8);
    const value = reader.value(tag % 8);
    if (number === 0 || fields.has(number))
      throw new RecordFault('malformed', `field ${number} comes twice or has no number`);
    fields.set(number, value);
  }
  return fields;
}

export function writeProtobuf(
  fields: readonly (readonly [number: number, value: ProtobufValue])[],
): Uint8Array {
  return concat(
    ...fields.flatMap(([number, value]) =>
      typeof value === 'bigint'
        ? [varint(BigInt(number * 8)), varint(value)]
        : [varint(BigInt(number * 8 + 2)), varint(BigInt(value.length)), value],
    ),
  );
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
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

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw cut();
      value |= BigInt(byte & 127) << shift;
      if (byte > 127) continue;
      if (value >= 1n << 64n) break;
      return value;
    }
    throw new RecordFault('malformed', 'a number has more than 64 bits');
  }

  value(wireType: number): ProtobufValue {
    switch (wireType) {
      case 0:
        return this.varint();
      case 2:
        return this.#take(Number(this.varint()));
      default:
        throw new RecordFault('malformed', `wire type ${wireType} is not of a record`);
    }
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw cut();
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }
}

function cut(): RecordFault {
  return new RecordFault('malformed', 'it ends in the middle of a field');
}
