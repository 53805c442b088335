import { generateKey } from '@holdfast/manifest';
import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import {
  createIPNSRecordWithExpiration,
  marshalIPNSRecord,
  multihashToIPNSRoutingKey,
  unmarshalIPNSRecord,
} from 'ipns';
import { ipnsSelector } from 'ipns/selector';
import { ipnsValidator } from 'ipns/validator';
import { describe, expect, it } from 'vitest';
import { createRecord } from '../../src/names/record/create-record.ts';
import { nameOf } from '../../src/names/record/name.ts';
import { selectRecord } from '../../src/names/record/select-record.ts';
import { verifyRecord } from '../../src/names/record/verify-record.ts';
import { mutant, numbersFrom } from './mutants.ts';

const key = generateKey();
const name = nameOf(key.publicKey.bytes).text;
const theirKey = privateKeyFromRaw(Uint8Array.from([...key.exportSeed(), ...key.publicKey.bytes]));
const routingKey = multihashToIPNSRoutingKey(theirKey.publicKey.toMultihash());
const value = '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq';
const validUntil = new Date('2999-01-01T00:00:00Z');

async function ours(sequence: bigint): Promise<Uint8Array> {
  return createRecord({ value, sequence, validUntil }, key);
}

async function theirs(sequence: bigint, v1Compatible: boolean): Promise<Uint8Array> {
  const until = validUntil.toISOString();
  const options = { v1Compatible, ttlNs: 300_000_000_000n };
  // Its types know each of the two values alone.
  const record = v1Compatible
    ? await createIPNSRecordWithExpiration(theirKey, value, sequence, until, {
        ...options,
        v1Compatible: true,
      })
    : await createIPNSRecordWithExpiration(theirKey, value, sequence, until, {
        ...options,
        v1Compatible: false,
      });
  return marshalIPNSRecord(record);
}

async function accepts(bytes: Uint8Array): Promise<boolean> {
  try {
    await ipnsValidator(routingKey, bytes);
    return true;
  } catch {
    return false;
  }
}

describe('records, beside the package ipns', () => {
  it('are the same bytes', async () => {
    for (const sequence of [1n, 23n, 24n, 65_536n, 2n ** 40n, 2n ** 63n - 1n])
      expect(await ours(sequence)).toEqual(await theirs(sequence, true));
  });

  it('are accepted by both, with and without the signature of version 1', async () => {
    for (const bytes of [await ours(0n), await theirs(7n, true), await theirs(7n, false)]) {
      expect(verifyRecord(name, bytes)).toMatchObject({ ok: true, record: { value } });
    }
    for (const sequence of [0n, 7n]) expect(await accepts(await ours(sequence))).toBe(true);
  });

  it('are selected alike', async () => {
    const facts = { value, validUntil };
    const records = await Promise.all([
      createRecord({ ...facts, sequence: 3n }, key),
      createRecord({ ...facts, sequence: 9n }, key),
      createRecord({ ...facts, sequence: 9n, validUntil: new Date('2999-01-01T00:00:01Z') }, key),
      createRecord({ ...facts, sequence: 4n, validUntil: new Date('3999-01-01') }, key),
    ]);
    const read = records.map((bytes) => {
      const verdict = verifyRecord(name, bytes);
      if (!verdict.ok) throw new Error(verdict.message);
      return verdict.record;
    });
    expect(selectRecord(read)?.bytes).toBe(records[ipnsSelector(routingKey, [...records])]);
    expect(selectRecord(read.toReversed())?.bytes).toBe(records[2]);
  });

  it('are refused wherever it refuses a mutant', { tags: ['slow'] }, async () => {
    const count = Number(process.env.HOLDFAST_MUTANTS ?? 2_000);
    const pick = numbersFrom(Number(process.env.HOLDFAST_SEED ?? 1));
    const genuine = [await ours(5n), await ours(2n ** 60n), await theirs(300n, false)];
    const tally = { both: 0, neither: 0, stricter: new Map<string, number>() };
    for (let at = 0; at < count; at++) {
      const bytes = mutant(genuine[pick(genuine.length)] ?? (genuine[0] as Uint8Array), pick, key);
      const verdict = verifyRecord(name, bytes);
      const accepted = await accepts(bytes);
      const shown = () => `mutant ${at}: ${Buffer.from(bytes).toString('hex')}`;
      if (verdict.ok) {
        if (!accepted) throw new Error(`only Holdfast accepts ${shown()}`);
        const other = unmarshalIPNSRecord(bytes);
        const { record } = verdict;
        if (other.value !== record.value || other.sequence !== record.sequence)
          throw new Error(`the two read different values in ${shown()}`);
        tally.both += 1;
      } else if (accepted) {
        // A signature is not a matter of taste; forms that readers differ in are.
        if (!['malformed', 'contradictory'].includes(verdict.code))
          throw new Error(`only ipns accepts, ${verdict.code}: ${shown()}`);
        tally.stricter.set(verdict.message, (tally.stricter.get(verdict.message) ?? 0) + 1);
      } else tally.neither += 1;
    }
    expect(tally.neither).toBeGreaterThan(count / 2);
    // Mutants that stay valid show that the comparison compares.
    expect(tally.both).toBeGreaterThan(count / 100);
    expect([...tally.stricter.keys()].length).toBeGreaterThan(0);
    if (process.env.HOLDFAST_TALLY)
      process.stderr.write(`${JSON.stringify({ ...tally, stricter: [...tally.stricter] })}\n`);
  });
});
