import type { Signer } from '@holdfast/manifest';
import { CID } from 'multiformats/cid';
import { RetrievalError } from '../../error.ts';
import { concat } from './bytes.ts';
import { writeCborMap } from './cbor.ts';
import { writeProtobuf } from './protobuf.ts';
import { contentPath, maxRecordBytes, maxSequence, signedPrefix } from './record.ts';
import { formatValidity } from './validity.ts';

export interface RecordFacts {
  /** `/ipfs/CID` or `/ipns/NAME`, and maybe a path. */
  readonly value: string;
  readonly sequence: bigint;
  readonly validUntil: Date;
  /** How long a reader may keep it without asking again. Default: 5 minutes. */
  readonly ttlMs?: number | undefined;
}

/**
 * A record of the name of the signer's key, as it travels. It has the signatures of both versions, for older readers.
 *
 * @example
 * ```ts
 * const record = await createRecord({ value: '/ipfs/bafkqaaa', sequence: 1n, validUntil: new Date('2999-01-01') }, alice);
 * verifyRecord(nameOf(alice.publicKey.bytes).text, record).ok; // => true
 * ```
 */
export async function createRecord(facts: RecordFacts, signer: Signer): Promise<Uint8Array> {
  const { value: path, sequence, validUntil, ttlMs = 300_000 } = facts;
  expect(isContentPath(path), 'value', '/ipfs/CID or /ipns/NAME', path);
  expect(sequence >= 0n && sequence <= maxSequence, 'sequence', 'a number from 0 to 2^63-1', `${sequence}`);
  expect(!Number.isNaN(validUntil.getTime()), 'validUntil', 'a time', 'an invalid date');
  expect(Number.isSafeInteger(ttlMs) && ttlMs >= 0 && ttlMs <= maxTtlMs, 'ttlMs', 'a time in ms', `${ttlMs}`);
  const value = new TextEncoder().encode(path);
  const validity = formatValidity(validUntil);
  const ttl = BigInt(ttlMs) * 1_000_000n;
  const data = writeCborMap({
    Value: value,
    Validity: validity,
    ValidityType: 0n,
    Sequence: sequence,
    TTL: ttl,
  });
  const signatureV1 = await signer.sign(concat(value, validity, new TextEncoder().encode('EOL')));
  const signatureV2 = await signer.sign(concat(signedPrefix, data));
  const record = writeProtobuf([
    [1, value],
    [2, signatureV1],
    [3, 0n],
    [4, validity],
    [5, sequence],
    [6, ttl],
    [8, signatureV2],
    [9, data],
  ]);
  expect(record.length <= maxRecordBytes, 'value', 'a record of at most 10 KiB', `${record.length} bytes`);
  return record;
}

/** Nodes keep a record whose CID cannot be read, and then nobody can follow it. */
function isContentPath(path: string): boolean {
  if (!contentPath.test(path)) return false;
  try {
    CID.parse(path.split('/')[2] ?? '');
    return true;
  } catch {
    return path.startsWith('/ipns/');
  }
}

/** A year: more is a slip of the unit. */
const maxTtlMs = 366 * 24 * 3_600_000;

function expect(fits: boolean, field: string, expected: string, got: string): void {
  if (!fits)
    throw new RetrievalError(
      'record-invalid',
      `"${field}" expected ${expected}, got ${JSON.stringify(got.slice(0, 80))}`,
    );
}
