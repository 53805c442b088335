import { generateKey, type PrivateKey } from '@holdfast/manifest';
import { readCborMap, writeCborMap } from '../../src/names/record/cbor.ts';
import { type ProtobufValue, readProtobuf, writeProtobuf } from '../../src/names/record/protobuf.ts';
import { signedPrefix } from '../../src/names/record/record.ts';

/** Numbers that look random and are the same in every run (mulberry32). */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Pick = (below: number) => number;
type Mutation = (record: Uint8Array, pick: Pick, key: PrivateKey) => Uint8Array;

const stranger = generateKey();
const fieldNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const odd = [0n, 1n, 23n, 24n, 255n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
const oddTexts = [
  '',
  '/',
  '/ipfs/',
  '/ipfs/bafkqaaa',
  '/ipfs/bafkqaaa\n',
  'bafkqaaa',
  '/ipns/k51',
  '2999-02-30T00:00:00Z',
  '2999-01-01T00:00:00.000000001Z',
  '2999-01-01T00:00:00+02:00',
  '1999-01-01T00:00:00Z',
  ' 2999-01-01T00:00:00Z',
];

/** Bytes changed blindly. */
const blind: Mutation[] = [
  (record, pick) => record.with(pick(record.length), pick(256)),
  (record, pick) => {
    const at = pick(record.length);
    return record.with(at, (record[at] ?? 0) ^ (1 << pick(8)));
  },
  (record, pick) => record.slice(0, pick(record.length)),
  (record, pick) => spliced(record, pick(record.length), 0, Uint8Array.of(pick(256))),
  (record, pick) => spliced(record, pick(record.length), 1 + pick(9), new Uint8Array()),
  (record, pick) =>
    spliced(
      record,
      record.length,
      0,
      Uint8Array.from({ length: 1 + pick(4) }, () => pick(256)),
    ),
];

/** Fields of the message changed, its signature left as it was. */
const fields: Mutation[] = [
  (record, pick) => withField(record, pickOf(fieldNumbers, pick), undefined),
  (record, pick) => withField(record, pickOf(fieldNumbers, pick), pickOf(odd, pick)),
  (record, pick) => withField(record, pickOf(fieldNumbers, pick), textBytes(pick)),
  (record, pick) =>
    spliced(record, record.length, 0, writeProtobuf([[pickOf(fieldNumbers, pick), textBytes(pick)]])),
  (record) => withField(record, 7, stranger.publicKey.bytes),
  (record, pick) =>
    withField(
      record,
      7,
      Uint8Array.from([8, 1, 18, 32, ...(pick(2) ? stranger.publicKey.bytes : new Uint8Array(32))]),
    ),
  (record) => withField(record, 2, undefined, [1, 3, 4, 5, 6]),
  (record, pick) => withField(record, 10, new Uint8Array(9_000 + pick(3_000))),
];

/** The data changed, and signed: by the name's own key, or by a stranger's. */
const signed: Mutation[] = [
  (record, pick, key) => resigned(record, mutate(dataOf(record), pick, key, blind), key),
  (record, pick, key) => resigned(record, withEntry(dataOf(record), pick, pickOf(odd, pick)), key),
  (record, pick, key) => resigned(record, withEntry(dataOf(record), pick, textBytes(pick)), key),
  (record, pick) => resigned(record, dataOf(record), stranger, pick(2) === 0),
  (record, pick) => resigned(record, withEntry(dataOf(record), pick, textBytes(pick)), stranger),
];

export function mutant(record: Uint8Array, pick: Pick, key: PrivateKey): Uint8Array {
  const kinds = [blind, fields, signed];
  return mutate(record, pick, key, kinds[pick(kinds.length)] ?? blind);
}

function mutate(bytes: Uint8Array, pick: Pick, key: PrivateKey, mutations: readonly Mutation[]): Uint8Array {
  return pickOf(mutations, pick)(bytes, pick, key);
}

function resigned(record: Uint8Array, data: Uint8Array, key: PrivateKey, legacy = false): Uint8Array {
  const signature = key.sign(Uint8Array.from([...signedPrefix, ...data]));
  const kept = legacy ? [...readProtobuf(record)].filter(([number]) => number < 8) : [];
  return writeProtobuf([...kept, [8, signature], [9, data]]);
}

function withEntry(data: Uint8Array, pick: Pick, value: bigint | Uint8Array): Uint8Array {
  const map = Object.fromEntries(readCborMap(data)) as Record<string, bigint | Uint8Array>;
  const key = pickOf(['Value', 'Validity', 'ValidityType', 'Sequence', 'TTL', 'Other'], pick);
  if (pick(8) > 0) return writeCborMap({ ...map, [key]: value });
  const { [key]: _, ...rest } = map;
  return writeCborMap(rest);
}

function dataOf(record: Uint8Array): Uint8Array {
  return readProtobuf(record).get(9) as Uint8Array;
}

function withField(
  record: Uint8Array,
  number: number,
  value: ProtobufValue | undefined,
  without: readonly number[] = [],
): Uint8Array {
  const kept = [...readProtobuf(record)].filter(([at]) => at !== number && !without.includes(at));
  return writeProtobuf(value === undefined ? kept : [...kept, [number, value]]);
}

function textBytes(pick: Pick): Uint8Array {
  return new TextEncoder().encode(pickOf(oddTexts, pick));
}

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)]);
}

function pickOf<T>(items: readonly T[], pick: Pick): T {
  return items[pick(items.length)] as T;
}
