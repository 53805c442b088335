import { verifyEd25519 } from '@holdfast/manifest';
import { compareBytes, concat } from './bytes.ts';
import { readCborMap } from './cbor.ts';
import { keyProtobuf, type Name, parseName } from './name.ts';
import { type ProtobufValue, readProtobuf } from './protobuf.ts';
import { contentPath, maxRecordBytes, maxSequence, type NameRecord, signedPrefix } from './record.ts';
import { RecordFault, type RecordFaultCode } from './record-fault.ts';
import { parseValidity } from './validity.ts';

export type RecordVerdict =
  | { readonly ok: true; readonly record: NameRecord }
  | { readonly ok: false; readonly code: RecordFaultCode; readonly message: string };

export interface VerifyOptions {
  /** Default: now. */
  readonly now?: Date | undefined;
}

/**
 * Whether these bytes are a record of this name that counts now: its form, its key, its signature, then its time.
 *
 * @example
 * ```ts
 * verifyRecord(nameOf(alice.publicKey.bytes).text, new Uint8Array(4)); // => { ok: false, code: 'malformed', … }
 * ```
 */
export function verifyRecord(name: string, bytes: Uint8Array, options: VerifyOptions = {}): RecordVerdict {
  const known = parseName(name);
  try {
    const record = readRecord(known, bytes);
    expectInTime(record, options.now ?? new Date());
    return { ok: true, record };
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    return { ok: false, code: error.code, message: error.message };
  }
}

/** All but its time. */
export function readRecord(name: Name, bytes: Uint8Array): NameRecord {
  if (bytes.length > maxRecordBytes)
    throw new RecordFault('oversized', `expected at most ${maxRecordBytes} bytes, got ${bytes.length}`);
  const fields = readProtobuf(bytes);
  expectKinds(fields);
  const signature = fields.get(8);
  const data = fields.get(9);
  if (!(signature instanceof Uint8Array) || !(data instanceof Uint8Array))
    throw new RecordFault('unsigned', 'it has no signature of version 2');
  expectKeyOf(name, fields.get(7));
  if (!verifyEd25519(signature, concat(signedPrefix, data), name.publicKey))
    throw new RecordFault('forged', 'its signature is not of the key of the name');
  const map = readCborMap(data);
  expectNoContradiction(fields, map);
  return { ...readData(map), bytes };
}

function readData(map: ReadonlyMap<string, unknown>): Omit<NameRecord, 'bytes'> {
  const value = String.fromCharCode(...bytesAt(map, 'Value'));
  if (!contentPath.test(value))
    throw new RecordFault('malformed', 'its value is not /ipfs/CID or /ipns/NAME');
  if (numberAt(map, 'ValidityType') !== 0n) throw new RecordFault('malformed', 'its validity is not a time');
  return {
    value,
    sequence: numberAt(map, 'Sequence'),
    // Rounded down: not a moment longer than it says.
    validUntil: new Date(Number(parseValidity(bytesAt(map, 'Validity')) / 1_000_000n)),
    ttlMs: Number(numberAt(map, 'TTL') / 1_000_000n),
  };
}

function bytesAt(map: ReadonlyMap<string, unknown>, key: string): Uint8Array {
  const value = map.get(key);
  if (!(value instanceof Uint8Array)) throw new RecordFault('malformed', `"${key}" of its data is missing`);
  return value;
}

function numberAt(map: ReadonlyMap<string, unknown>, key: string): bigint {
  const value = map.get(key);
  if (typeof value !== 'bigint') throw new RecordFault('malformed', `"${key}" of its data is missing`);
  if (value > maxSequence) throw new RecordFault('malformed', `"${key}" of its data has more than 63 bits`);
  return value;
}

const numbers: ReadonlySet<number> = new Set([3, 5, 6]);

/** Some readers go by the number of a field alone, and take the kind for granted. */
function expectKinds(fields: ReadonlyMap<number, ProtobufValue>): void {
  for (const [number, value] of fields)
    if (number < 10 && numbers.has(number) !== (typeof value === 'bigint'))
      throw new RecordFault('malformed', `field ${number} is of another kind`);
}

function expectKeyOf(name: Name, key: ProtobufValue | undefined): void {
  if (key === undefined) return;
  if (!(key instanceof Uint8Array) || compareBytes(key, keyProtobuf(name)) !== 0)
    throw new RecordFault('foreign', 'it carries the key of another name');
}

/** The unsigned fields of version 1: the number of each, and what it repeats. */
const repeated = [
  [1, 'Value'],
  [3, 'ValidityType'],
  [4, 'Validity'],
  [5, 'Sequence'],
  [6, 'TTL'],
] as const;

/** Older readers take the unsigned fields, so one that is there says the same; with their signature, all are there. */
function expectNoContradiction(
  fields: ReadonlyMap<number, ProtobufValue>,
  map: ReadonlyMap<string, unknown>,
): void {
  const whole = fields.has(2);
  for (const [number, key] of repeated) {
    const unsigned = fields.get(number);
    const signed = map.get(key);
    const same = unsigned === undefined ? !whole : isSame(unsigned, signed);
    if (!same) throw new RecordFault('contradictory', `its unsigned "${key}" differs from the signed one`);
  }
}

function isSame(a: ProtobufValue, b: unknown): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  return a === b;
}

function expectInTime({ validUntil }: NameRecord, now: Date): void {
  if (validUntil.getTime() <= now.getTime())
    throw new RecordFault('expired', `it was valid until ${validUntil.toISOString()}`);
}
