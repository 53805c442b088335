import { concat, utf8 } from '../crypto/bytes.ts';
import { sha512 } from '../crypto/hash.ts';
import { Blowfish } from './blowfish.ts';
import { wireUint32 } from './wire.ts';

const blockLength = 32;

/** OpenBSD's bcrypt_pbkdf(3): PBKDF2 with bcrypt for a pseudo-random function, the output bytes interleaved. */
export function bcryptPbkdf(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array {
  const hashedPassword = sha512(password);
  const stride = Math.ceil(length / blockLength);
  const perBlock = Math.ceil(length / stride);
  const output = new Uint8Array(length);
  for (let block = 0; block < stride; block++) {
    const bytes = stretchBlock(hashedPassword, concat(salt, wireUint32(block + 1)), rounds);
    for (let i = 0; i < perBlock && i * stride + block < length; i++)
      output[i * stride + block] = bytes[i] as number;
  }
  return output;
}

function stretchBlock(password: Uint8Array, salt: Uint8Array, rounds: number): Uint8Array {
  let hash = bcryptHash(password, sha512(salt));
  const sum = hash.slice();
  for (let round = 1; round < rounds; round++) {
    hash = bcryptHash(password, sha512(hash));
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) ^ (hash[i] as number);
  }
  return sum;
}

function bcryptHash(password: Uint8Array, salt: Uint8Array): Uint8Array {
  const cipher = new Blowfish();
  cipher.expand(password, salt);
  for (let i = 0; i < 64; i++) {
    cipher.expand(salt, undefined);
    cipher.expand(password, undefined);
  }
  const text = new DataView(utf8('OxychromaticBlowfishSwatDynamite').buffer);
  const data = Uint32Array.from({ length: 8 }, (_, word) => text.getUint32(word * 4));
  for (let i = 0; i < 64; i++) for (let pair = 0; pair < 8; pair += 2) cipher.encrypt(data, pair);
  const output = new DataView(new ArrayBuffer(blockLength));
  for (const [word, value] of data.entries()) output.setUint32(word * 4, value, true);
  return new Uint8Array(output.buffer);
}
