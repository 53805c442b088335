import fc from 'fast-check';
import { expect, it } from 'vitest';
import { murmur3 } from '../src/dag/murmur3.ts';

const mask = (1n << 64n) - 1n;
const rotate = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & mask;
const mix = (k: bigint, first: bigint, by: bigint, second: bigint): bigint =>
  (rotate((k * first) & mask, by) * second) & mask;
const c1 = 0x87c37b91114253d5n;
const c2 = 0x4cf5ad432745937fn;

function finish(value: bigint): bigint {
  let k = value;
  k = ((k ^ (k >> 33n)) * 0xff51afd7ed558ccdn) & mask;
  k = ((k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n) & mask;
  return k ^ (k >> 33n);
}

/** MurmurHash3 x64 128 as its definition has it, in whole numbers of 64 bits. */
function definition(bytes: Uint8Array): string {
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / 16) * 16);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let h1 = 0n;
  let h2 = 0n;
  const blocks = Math.floor(bytes.length / 16);
  for (let i = 0; i < blocks; i++) {
    h1 ^= mix(view.getBigUint64(i * 16, true), c1, 31n, c2);
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dce729n) & mask;
    h2 ^= mix(view.getBigUint64(i * 16 + 8, true), c2, 33n, c1);
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x38495ab5n) & mask;
  }
  h2 ^= mix(view.getBigUint64(blocks * 16 + 8, true), c2, 33n, c1);
  h1 ^= mix(view.getBigUint64(blocks * 16, true), c1, 31n, c2);
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = (h1 + h2) & mask;
  h2 = (h2 + h1) & mask;
  return ((finish(h1) + finish(h2)) & mask).toString(16).padStart(16, '0');
}

it('is MurmurHash3 x64 128, whatever the bytes and their number', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(Buffer.from(murmur3(bytes)).toString('hex')).toBe(definition(bytes));
    }),
    { numRuns: 2000 },
  );
});
