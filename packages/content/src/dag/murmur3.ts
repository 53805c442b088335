/**
 * The first 64 bits of MurmurHash3 x64 128 with seed 0: where a name goes in a UnixFS HAMT
 * (https://specs.ipfs.tech/unixfs/#hamt-structure-and-parameters). In halves of 32 bits, since a folder of a million
 * names asks a million times, and BigInt takes ten times as long.
 */
export function murmur3Into(bytes: Uint8Array, target: Uint32Array, at: number): void {
  const length = bytes.length;
  const blocks = length >> 4;
  let h1h = 0;
  let h1l = 0;
  let h2h = 0;
  let h2l = 0;
  for (let i = 0; i < blocks; i++) {
    mix1(word(bytes, i * 16 + 4), word(bytes, i * 16));
    h1h = (h1h ^ high) >>> 0;
    h1l = (h1l ^ low) >>> 0;
    rotate(h1h, h1l, 27);
    add(high, low, h2h, h2l);
    multiply(high, low, 0, 5);
    add(high, low, 0, 0x52dce729);
    h1h = high;
    h1l = low;
    mix2(word(bytes, i * 16 + 12), word(bytes, i * 16 + 8));
    h2h = (h2h ^ high) >>> 0;
    h2l = (h2l ^ low) >>> 0;
    rotate(h2h, h2l, 31);
    add(high, low, h1h, h1l);
    multiply(high, low, 0, 5);
    add(high, low, 0, 0x38495ab5);
    h2h = high;
    h2l = low;
  }

  // What is past the end reads as zero.
  const tail = blocks * 16;
  if (length > tail + 8) {
    mix2(word(bytes, tail + 12), word(bytes, tail + 8));
    h2h ^= high;
    h2l ^= low;
  }
  if (length > tail) {
    mix1(word(bytes, tail + 4), word(bytes, tail));
    h1h ^= high;
    h1l ^= low;
  }

  h1l = (h1l ^ length) >>> 0;
  h2l = (h2l ^ length) >>> 0;
  add(h1h >>> 0, h1l, h2h >>> 0, h2l);
  h1h = high;
  h1l = low;
  add(h2h >>> 0, h2l, h1h, h1l);
  h2h = high;
  h2l = low;
  finish(h1h, h1l);
  h1h = high;
  h1l = low;
  finish(h2h, h2l);
  add(h1h, h1l, high, low);
  target[at] = high;
  target[at + 1] = low;
}

/** The hash as eight bytes, big-endian. */
export function murmur3(bytes: Uint8Array): Uint8Array {
  const halves = new Uint32Array(2);
  murmur3Into(bytes, halves, 0);
  const hash = new Uint8Array(8);
  const view = new DataView(hash.buffer);
  view.setUint32(0, halves[0] ?? 0);
  view.setUint32(4, halves[1] ?? 0);
  return hash;
}

/** The result of the operation before: two halves without an object around them. */
let high = 0;
let low = 0;

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}

function add(ah: number, al: number, bh: number, bl: number): void {
  const sum = al + bl;
  low = sum >>> 0;
  high = (ah + bh + (sum > 0xffff_ffff ? 1 : 0)) >>> 0;
}

function multiply(ah: number, al: number, bh: number, bl: number): void {
  high = (upperHalf(al, bl) + Math.imul(ah, bl) + Math.imul(al, bh)) >>> 0;
  low = Math.imul(al, bl) >>> 0;
}

/** The upper 32 of the 64 bits of a product. */
function upperHalf(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a0 * b1 + ((a0 * b0) >>> 16);
  const other = a1 * b0 + (middle & 0xffff);
  return a1 * b1 + (middle >>> 16) + (other >>> 16);
}

function rotate(h: number, l: number, by: number): void {
  high = ((h << by) | (l >>> (32 - by))) >>> 0;
  low = ((l << by) | (h >>> (32 - by))) >>> 0;
}

function mix1(h: number, l: number): void {
  multiply(h, l, 0x87c37b91, 0x114253d5);
  rotate(high, low, 31);
  multiply(high, low, 0x4cf5ad43, 0x2745937f);
}

function mix2(h: number, l: number): void {
  multiply(h, l, 0x4cf5ad43, 0x2745937f);
  // Rotated by 33: the halves change places.
  rotate(low, high, 1);
  multiply(high, low, 0x87c37b91, 0x114253d5);
}

function finish(h: number, l: number): void {
  multiply(h, (l ^ (h >>> 1)) >>> 0, 0xff51afd7, 0xed558ccd);
  low = (low ^ (high >>> 1)) >>> 0;
  multiply(high, low, 0xc4ceb9fe, 0x1a85ec53);
  low = (low ^ (high >>> 1)) >>> 0;
}
