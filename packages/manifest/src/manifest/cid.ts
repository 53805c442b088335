import { toHex } from '../crypto/hex.ts';
import type { ProblemDraft } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';

export type Codec = 'raw' | 'dag-pb';

export interface CidParts {
  readonly codec: Codec;
  /** Multihash code: 0x12 is SHA-256. */
  readonly hash: number;
  readonly digest: Uint8Array;
}

/** CIDv1, raw or dag-pb, SHA-256, base32. No other spelling of the same bytes matches. */
const sha256Cid = /^ba(?:fkrei|fybei)[a-h][a-z2-7]{50}[aeimquy4]$/;

/** For the JSON Schema: what every accepted CID looks like. */
export const cidPattern = '^b[a-z2-7]{50,120}$';

const hexDigits = '0123456789abcdef';
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const codecs: Readonly<Record<number, Codec>> = { 85: 'raw', 112: 'dag-pb' };

/** Hashes that IPFS nodes accept, by multihash code, with their safe digest lengths. */
const hashes: Readonly<Record<number, string>> = {
  18: 'sha2-256',
  19: 'sha2-512',
  20: 'sha3-512',
  22: 'sha3-256',
  30: 'blake3',
  45600: 'blake2b-256',
};

/** What is wrong with a CID, or undefined. */
export function cidProblem(text: string): ProblemDraft | undefined {
  if (sha256Cid.test(text)) return undefined;
  const parts = decodeCid(text);
  return typeof parts === 'string' ? invalid(text, parts) : undefined;
}

/** True if a raw CID with SHA-256 has this hexadecimal digest. Check it with `sha256CidCodec` first. */
export function holdsSha256(cid: string, sha256: string): boolean {
  // Digit by digit, without building a string: it runs for every file.
  let pending = 0;
  let bits = 0;
  let nibble = -8;
  for (let i = 1; i < cid.length; i++) {
    pending = ((pending << 5) | base32Value(cid.charCodeAt(i))) & 0x1ff;
    bits += 5;
    while (bits >= 4) {
      bits -= 4;
      if (
        nibble >= 0 &&
        nibble < 64 &&
        hexDigits.charCodeAt((pending >> bits) & 15) !== sha256.charCodeAt(nibble)
      )
        return false;
      nibble++;
    }
  }
  return true;
}

function base32Value(code: number): number {
  return code >= 0x61 ? code - 0x61 : code - 0x32 + 26;
}

/** The codec of a CID with SHA-256, from its first characters. */
export function sha256CidCodec(cid: string): Codec | undefined {
  if (!sha256Cid.test(cid)) return undefined;
  return cid.startsWith('bafkrei') ? 'raw' : 'dag-pb';
}

/** The parts of a CID that `cidProblem` accepts. */
export function parseCid(text: string): CidParts | undefined {
  if (sha256Cid.test(text)) {
    return { codec: text.startsWith('bafkrei') ? 'raw' : 'dag-pb', hash: 18, digest: sha256Digest(text) };
  }
  const parts = decodeCid(text);
  return typeof parts === 'string' ? undefined : parts;
}

/** The CID of one raw block with this SHA-256. */
export function rawCid(sha256: Uint8Array): string {
  const bytes = new Uint8Array(36);
  bytes[0] = 1;
  bytes[1] = 0x55;
  bytes[2] = 0x12;
  bytes[3] = 32;
  bytes.set(sha256, 4);
  return encodeCid(bytes);
}

/** Binary to text: lower-case base32 (RFC 4648 without padding) after a `b`. */
export function encodeCid(bytes: Uint8Array): string {
  // A string that grows letter by letter stays a chain of strings, so the letters are collected first.
  const letters = [0x62];
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      letters.push(base32.charCodeAt((pending >> bits) & 31));
    }
  }
  if (bits > 0) letters.push(base32.charCodeAt((pending << (5 - bits)) & 31));
  return String.fromCharCode(...letters);
}

/** A CIDv0 (`Qm…`) as CIDv1; undefined for anything else. */
export function cidV1(text: string): string | undefined {
  if (!/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(text)) return undefined;
  let value = 0n;
  for (const character of text) value = value * 58n + BigInt(base58.indexOf(character));
  const hex = value.toString(16).padStart(68, '0');
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return bytes.length === 34 && bytes[0] === 18 && bytes[1] === 32
    ? encodeCid(Uint8Array.of(1, 112, ...bytes))
    : undefined;
}

/** The parts, or the reason in words why they are refused. */
function decodeCid(text: string): CidParts | string {
  if (text.length > 200 || !/^b[a-z2-7]+$/.test(text))
    return 'it is not lower-case base32 that begins with "b"';
  const bytes = decodeBase32(text);
  if (encodeCid(bytes) !== text) return 'it is another spelling of its bytes than the canonical one';
  const [version, afterVersion] = varint(bytes, 0);
  const [codec, afterCodec] = varint(bytes, afterVersion);
  const [hash, afterHash] = varint(bytes, afterCodec);
  const [length, start] = varint(bytes, afterHash);
  if (version !== 1) return `its version is ${version}`;
  const digest = bytes.slice(start);
  if (digest.length !== length) return `its hash has ${digest.length} bytes and names ${length}`;
  if (hash === 0) return 'it uses the identity hash, which holds data in place of a hash of it';
  const name = codecs[codec];
  if (name === undefined)
    return `its codec is 0x${codec.toString(16)}; raw (0x55) and dag-pb (0x70) are accepted`;
  if (hashes[hash] === undefined)
    return `its hash is 0x${hash.toString(16)}; accepted are ${Object.values(hashes).join(', ')}`;
  const wanted = hash === 19 || hash === 20 ? 64 : 32;
  if (length !== wanted) return `its ${hashes[hash]} digest is ${length} bytes; expected ${wanted}`;
  return { codec: name, hash, digest };
}

/** The last 32 of the 36 bytes of a SHA-256 CID. */
function sha256Digest(text: string): Uint8Array {
  const digest = new Uint8Array(32);
  let filled = 0;
  // The seventh character after `b` has the last two bits of the prefix, which are zero, and the first three of the digest.
  let pending = base32Value(text.charCodeAt(7));
  let bits = 3;
  for (let i = 8; i < text.length; i++) {
    pending = ((pending << 5) | base32Value(text.charCodeAt(i))) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      digest[filled++] = pending >> bits;
    }
  }
  return digest;
}

/** The bytes of a text that is `b` and base32. */
function decodeBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((text.length - 1) * 5) / 8));
  let filled = 0;
  let pending = 0;
  let bits = 0;
  for (let i = 1; i < text.length; i++) {
    pending = ((pending << 5) | base32Value(text.charCodeAt(i))) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[filled++] = (pending >> bits) & 255;
    }
  }
  return bytes;
}

/** A varint in its shortest form (at most 4 bytes), NaN otherwise. */
function varint(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[start + i] ?? 255;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [byte === 0 && i > 0 ? Number.NaN : value, start + i + 1];
  }
  return [Number.NaN, bytes.length];
}

function invalid(text: string, why: string): ProblemDraft {
  const converted = cidV1(text);
  if (converted === undefined) {
    return {
      code: 'manifest/invalid-cid',
      message: `expected a CIDv1 in canonical base32, got ${show(text, 80)}: ${why}`,
    };
  }
  const message = `expected a CIDv1 in canonical base32, got the CIDv0 ${text}`;
  return { code: 'manifest/invalid-cid', message, hint: `write it as ${converted}` };
}

/** The digest of a SHA-256 CID in hexadecimal, undefined for another hash. */
export function cidSha256(text: string): string | undefined {
  const parts = parseCid(text);
  return parts?.hash === 18 ? toHex(parts.digest) : undefined;
}
