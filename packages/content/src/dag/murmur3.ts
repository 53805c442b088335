/**
 * The first 64 bits of MurmurHash3 x64 128 with seed 0, big-endian: where a name goes in a UnixFS HAMT
 * (https://specs.ipfs.tech/unixfs/#hamt-structure-and-parameters).
 */
export function murmur3(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = Math.floor(bytes.length / 16);
  let h1 = 0n;
  let h2 = 0n;
  for (let i = 0; i < blocks; i++) {
    h1 ^= mix1(view.getBigUint64(i * 16, true));
    h1 = word(word(rotate(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mix2(view.getBigUint64(i * 16 + 8, true));
    h2 = word(word(rotate(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }

  const tail = new Uint8Array(16);
  tail.set(bytes.subarray(blocks * 16));
  const rest = new DataView(tail.buffer);
  h2 ^= mix2(rest.getBigUint64(8, true));
  h1 ^= mix1(rest.getBigUint64(0, true));

  const length = BigInt(bytes.length);
  h1 ^= length;
  h2 ^= length;
  h1 = word(h1 + h2);
  h2 = word(h2 + h1);
  h1 = word(finish(h1) + finish(h2));

  const hash = new Uint8Array(8);
  new DataView(hash.buffer).setBigUint64(0, h1);
  return hash;
}

const c1 = 0x87c37b91114253d5n;
const c2 = 0x4cf5ad432745937fn;

function word(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotate(value: bigint, by: bigint): bigint {
  return word(value << by) | (value >> (64n - by));
}

function mix1(k: bigint): bigint {
  return word(rotate(word(k * c1), 31n) * c2);
}

function mix2(k: bigint): bigint {
  return word(rotate(word(k * c2), 33n) * c1);
}

function finish(value: bigint): bigint {
  let k = value;
  k = word((k ^ (k >> 33n)) * 0xff51afd7ed558ccdn);
  k = word((k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return k ^ (k >> 33n);
}
