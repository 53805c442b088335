import { generateKey } from '@holdfast/manifest';
import { ipnsNameOf } from '@holdfast/manifest/internal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCborMap, writeCborMap } from '../../src/names/record/cbor.ts';
import { createRecord, type RecordFacts } from '../../src/names/record/create-record.ts';
import { nameOf, parseName } from '../../src/names/record/name.ts';
import { readProtobuf, writeProtobuf } from '../../src/names/record/protobuf.ts';
import { signedPrefix } from '../../src/names/record/record.ts';
import { verifyRecord } from '../../src/names/record/verify-record.ts';

const alice = generateKey();
const mallory = generateKey();
const name = nameOf(alice.publicKey.bytes).text;
const facts: RecordFacts = {
  value: '/ipfs/bafkqaaa',
  sequence: 4n,
  validUntil: new Date('2030-01-01T00:00:00Z'),
};
const now = new Date('2029-12-31T23:59:59.999Z');

it('spells a name as a policy does', () => {
  for (const { publicKey } of [alice, mallory])
    expect(ipnsNameOf(publicKey.bytes)).toBe(nameOf(publicKey.bytes).text);
});

it('reads back what it wrote', async () => {
  const bytes = await createRecord({ ...facts, ttlMs: 60_000 }, alice);
  expect(verifyRecord(name, bytes, { now })).toEqual({
    ok: true,
    record: { ...facts, ttlMs: 60_000, bytes },
  });
});

it('is over the moment its validity ends', async () => {
  const bytes = await createRecord(facts, alice);
  expect(verifyRecord(name, bytes, { now: facts.validUntil })).toEqual({
    ok: false,
    code: 'expired',
    message: 'it was valid until 2030-01-01T00:00:00.000Z',
  });
});

/** Each is a record of alice's name, but for one thing. */
const hostile: Record<string, [code: string, (genuine: Uint8Array) => Uint8Array | Promise<Uint8Array>]> = {
  empty: ['unsigned', () => new Uint8Array()],
  "signed by somebody else's key": ['forged', () => createRecord(facts, mallory)],
  'with the key of somebody else': [
    'foreign',
    async () => withField(await createRecord(facts, mallory), 7, keyOf(mallory)),
  ],
  'with a key that is a number': ['malformed', (genuine) => withField(genuine, 7, 1n)],
  'with the signature of version 1 alone': ['unsigned', (genuine) => without(genuine, 8)],
  'without its data': ['unsigned', (genuine) => without(genuine, 9)],
  'with another unsigned value': [
    'contradictory',
    (genuine) => withField(genuine, 1, utf8('/ipfs/bafkqaab')),
  ],
  'with another unsigned sequence': ['contradictory', (genuine) => withField(genuine, 5, 99n)],
  'with an unsigned part that lacks a sequence': ['contradictory', (genuine) => without(genuine, 5)],
  'larger than 10 KiB': ['oversized', (genuine) => withField(genuine, 12, new Uint8Array(10_240))],
  'with a field twice': [
    'malformed',
    (genuine) => Uint8Array.from([...genuine, ...writeProtobuf([[5, 4n]])]),
  ],
  'with a signature that is a number': ['malformed', (genuine) => withField(genuine, 2, 1n)],
  'with a group': ['malformed', (genuine) => Uint8Array.from([...genuine, 0x63])],
  'with a sequence above 2^63-1': ['malformed', () => signed({ Sequence: 1n << 63n })],
  'with a value that is not a path': ['malformed', () => signed({ Value: utf8('bafkqaaa') })],
  'with a line break in its value': ['malformed', () => signed({ Value: utf8('/ipfs/bafkqaaa\n') })],
  'with a day that does not exist': ['malformed', () => signed({ Validity: utf8('2030-02-30T00:00:00Z') })],
  'with a local time': ['malformed', () => signed({ Validity: utf8('2030-02-20T00:00:00+01:00') })],
  'with another kind of validity': ['malformed', () => signed({ ValidityType: 1n })],
  'with data in another order': [
    'malformed',
    () => signedData(Uint8Array.from([0xa2, 0x61, 0x62, 0, 0x61, 0x61, 0])),
  ],
  'with a long number': ['malformed', () => signedData(Uint8Array.from([0xa1, 0x61, 0x61, 0x18, 1]))],
  'with deep data': [
    'malformed',
    () => signedData(Uint8Array.from([0xa1, 0x61, 0x61, ...Array(99).fill(0x81), 0])),
  ],
};

it.each(Object.entries(hostile))('refuses a record %s', async (_, [code, forge]) => {
  const bytes = await forge(await createRecord(facts, alice));
  expect(verifyRecord(name, bytes, { now })).toMatchObject({ ok: false, code });
});

it('accepts its own key repeated, and data of later versions of the format', async () => {
  const genuine = await createRecord(facts, alice);
  expect(verifyRecord(name, withField(genuine, 7, keyOf(alice)), { now }).ok).toBe(true);
  expect(verifyRecord(name, signed({ _note: utf8('later') }), { now }).ok).toBe(true);
});

it('knows a name in its one spelling only', () => {
  expect(parseName(name).publicKey).toEqual(alice.publicKey.bytes);
  for (const text of [
    '',
    name.toUpperCase(),
    `/ipns/${name}`,
    `${name}0`,
    name.slice(0, -1),
    'bafkqaaa',
    '12D3KooW',
  ])
    expect(() => parseName(text), text).toThrow(/expected an Ed25519 key in base36/);
});

it.each([
  [{ ...facts, value: 'bafkqaaa' }, '"value" expected /ipfs/CID or /ipns/NAME, got "bafkqaaa"'],
  [{ ...facts, value: '/ipfs/bafkqaddi' }, '"value" expected /ipfs/CID or /ipns/NAME, got "/ipfs/bafkqaddi"'],
  [
    { ...facts, sequence: 1n << 63n },
    '"sequence" expected a number from 0 to 2^63-1, got "9223372036854775808"',
  ],
  [{ ...facts, ttlMs: -1 }, '"ttlMs" expected a time in ms, got "-1"'],
  [{ ...facts, validUntil: new Date('x') }, '"validUntil" expected a time, got "an invalid date"'],
  [
    { ...facts, value: `/ipfs/bafkqaaa/${'x'.repeat(9000)}` },
    /"value" expected a record of at most 10 KiB, got "18\d+ bytes"/,
  ],
])('refuses to make a record that no node takes: %#', async (wrong, message) => {
  await expect(createRecord(wrong, alice)).rejects.toThrow(message);
});

it('reads any bytes without breaking', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(verifyRecord(name, bytes).ok).toBe(false);
      expect(verifyRecord(name, signedData(bytes)).ok).toBe(false);
    }),
  );
});

it('encodes and decodes without loss', () => {
  const value = fc.oneof(fc.bigInt(0n, (1n << 64n) - 1n), fc.uint8Array());
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), value, { noNullPrototype: true }),
      (map) => {
        expect(Object.fromEntries(readCborMap(writeCborMap(map)))).toEqual(map);
      },
    ),
  );
});

function signed(changes: Record<string, bigint | Uint8Array>): Uint8Array {
  return signedData(
    writeCborMap({
      Value: utf8('/ipfs/bafkqaaa'),
      Validity: utf8('2030-01-01T00:00:00Z'),
      ValidityType: 0n,
      Sequence: 4n,
      TTL: 1n,
      ...changes,
    }),
  );
}

function signedData(data: Uint8Array): Uint8Array {
  return writeProtobuf([
    [8, alice.sign(Uint8Array.from([...signedPrefix, ...data]))],
    [9, data],
  ]);
}

function withField(record: Uint8Array, number: number, value: bigint | Uint8Array): Uint8Array {
  return writeProtobuf([...readProtobuf(without(record, number)), [number, value]]);
}

function without(record: Uint8Array, number: number): Uint8Array {
  return writeProtobuf([...readProtobuf(record)].filter(([at]) => at !== number));
}

function keyOf(key: typeof alice): Uint8Array {
  return Uint8Array.from([8, 1, 18, 32, ...key.publicKey.bytes]);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
