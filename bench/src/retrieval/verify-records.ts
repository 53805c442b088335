import { generateKey } from '@holdfast/manifest';
import { createRecord, nameOf, verifyRecord } from '@holdfast/retrieval';
import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import { multihashToIPNSRoutingKey } from 'ipns';
import { ipnsValidator } from 'ipns/validator';
import type { Benchmark } from '../harness/benchmark.ts';
import { median } from '../harness/statistics.ts';

const count = 2_000;
const value = '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq';

/** Records of a name, a tenth of them forged and a tenth expired, verified by us and by the library of others. */
export const verifyRecords: Benchmark = {
  name: 'verify-records',
  says: `${count} records of a name, a fifth of them forged or expired, verified by Holdfast and by ipns`,
  quick: true,
  run: async ({ runs, log }) => {
    const key = generateKey();
    const name = nameOf(key.publicKey.bytes).text;
    const their = privateKeyFromRaw(Uint8Array.from([...key.exportSeed(), ...key.publicKey.bytes]));
    const routingKey = multihashToIPNSRoutingKey(their.publicKey.toMultihash());
    const until = (at: number) => new Date(Date.now() + (at % 10 === 1 ? -1 : 1) * 3_600_000);
    const records: Uint8Array[] = [];
    for (let at = 0; at < count; at++) {
      const record = await createRecord({ value, sequence: BigInt(at + 1), validUntil: until(at) }, key);
      // What is signed comes after the signature of version 1, which nobody checks any more.
      records.push(
        at % 10 === 0 ? Uint8Array.from(record, (byte, i) => (i === 200 ? byte ^ 1 : byte)) : record,
      );
    }
    const sides = {
      holdfast: async (record: Uint8Array) => (await verifyRecord(name, record)).ok,
      ipns: (record: Uint8Array) =>
        ipnsValidator(routingKey, record).then(
          () => true,
          () => false,
        ),
    };
    const times: Record<keyof typeof sides, number[]> = { holdfast: [], ipns: [] };
    let forged = 0;
    for (let run = 0; run <= runs; run++) {
      for (const [side, accepts] of Object.entries(sides) as [keyof typeof sides, (typeof sides)['ipns']][]) {
        const started = performance.now();
        let accepted = 0;
        for (const [at, record] of records.entries()) {
          const isGood = await accepts(record);
          if (isGood) accepted += 1;
          if (isGood && at % 10 < 2 && side === 'holdfast') forged += 1;
        }
        if (accepted !== count * 0.8) throw new Error(`${side} took ${accepted} of ${count * 0.8} records`);
        if (run > 0) times[side].push(performance.now() - started);
      }
    }
    const ratio = median(times.holdfast.map((ms, at) => ms / (times.ipns[at] ?? Number.NaN)));
    log(
      `one record: ${Object.entries(times)
        .map(([side, all]) => `${side} ${((median(all) / count) * 1000).toFixed(0)} µs`)
        .join(', ')}`,
    );
    return {
      comparisons: [],
      targets: [
        { name: 'time to that of ipns', limit: 1, sense: 'at-most', seen: ratio, unit: '×' },
        { name: 'forged and expired records taken', limit: 0, sense: 'at-most', seen: forged, unit: '' },
      ],
    };
  },
};
