import * as noble from '@noble/ed25519';
import { equalBytes } from './bytes.ts';
import { sha512 } from './hash.ts';
import { afterThis, type NativeCrypto, nativeCrypto } from './native.ts';

// Ed25519 of RFC 8032, strict: one verdict for one input on every runtime.
// The checks on the key and on S close what verifiers are known to differ in ("Taming the many EdDSAs");
// after them only the group equation is left, which the runtime's own verifier checks if there is one.

/** L, the order of the prime subgroup, little-endian. */
const order = Uint8Array.from([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]);
const identity = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0));
const spkiPrefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

interface CheckedKey {
  readonly bytes: Uint8Array;
  readonly valid: boolean;
  native?: object;
}

const checkedKeys = new Map<string, CheckedKey>();
const cacheLimit = 1024;

/** The one equation of a signature that is left when its form is correct. */
export interface Equation {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * True only for a signature that every strict verifier accepts. Wrong lengths are false.
 *
 * @example
 * ```ts
 * verifyEd25519(alice.sign(bytes), bytes, alice.publicKey.bytes); // => true
 * ```
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const key = strictKey(signature, publicKey);
  if (key === undefined) return false;
  const crypto = nativeCrypto();
  if (crypto === undefined) return verifyPortably(signature, message, key.bytes);
  return crypto.verify(null, message, nativeKey(key, crypto), signature);
}

/** The same verdict, without blocking the caller: on a thread of the runtime if it has them. */
export async function verifyEd25519Async({ signature, message, publicKey }: Equation): Promise<boolean> {
  const key = strictKey(signature, publicKey);
  if (key === undefined) return false;
  const crypto = nativeCrypto();
  if (crypto === undefined) return verifyPortably(signature, message, key.bytes);
  return new Promise((resolve, reject) => {
    handOver(() =>
      crypto.verify(null, message, nativeKey(key, crypto), signature, (error, valid) => {
        if (error === null) resolve(valid);
        else reject(error);
      }),
    );
  });
}

const together = 64;
const waiting: (() => void)[] = [];

/** Waking a thread costs as much as it saves, so signatures that follow each other go to the threads together. */
function handOver(start: () => void): void {
  waiting.push(start);
  if (waiting.length === together) startAll();
  else if (waiting.length === 1) afterThis(startAll);
}

function startAll(): void {
  for (const start of waiting.splice(0)) start();
}

/** The key, unless verifiers differ about it or about the form of the signature. */
function strictKey(signature: Uint8Array, publicKey: Uint8Array): CheckedKey | undefined {
  if (signature.length !== 64 || publicKey.length !== 32) return undefined;
  if (!isBelowOrder(signature.subarray(32)) || equalBytes(signature.subarray(0, 32), identity))
    return undefined;
  const key = checkKey(publicKey);
  return key.valid ? key : undefined;
}

function nativeKey(key: CheckedKey, crypto: NativeCrypto): object {
  key.native ??= crypto.createPublicKey({
    key: Uint8Array.from([...spkiPrefix, ...key.bytes]),
    format: 'der',
    type: 'spki',
  });
  return key.native;
}

/** A key in its one encoding, not of small order and without torsion. */
export function isStrictPublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && checkKey(publicKey).valid;
}

export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  noble.hashes.sha512 ??= sha512;
  return noble.sign(message, seed);
}

export function publicKeyOf(seed: Uint8Array): Uint8Array {
  noble.hashes.sha512 ??= sha512;
  return noble.getPublicKey(seed);
}

/** noble's equation has the cofactor, a runtime's has not: if R has no torsion, both agree. */
function verifyPortably(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  noble.hashes.sha512 ??= sha512;
  return (
    hasNoTorsion(signature.subarray(0, 32)) && noble.verify(signature, message, publicKey, { zip215: false })
  );
}

/** Checking costs as much as several signatures, so each key is checked once. */
function checkKey(publicKey: Uint8Array): CheckedKey {
  const id = String.fromCharCode(...publicKey);
  let key = checkedKeys.get(id);
  if (key === undefined) {
    const bytes = Uint8Array.from(publicKey);
    key = { bytes, valid: hasNoTorsion(bytes) && !equalBytes(bytes, identity) };
    if (checkedKeys.size >= cacheLimit) checkedKeys.clear();
    checkedKeys.set(id, key);
  }
  return key;
}

/** Also false for bytes that are not a point, or not its only spelling. */
function hasNoTorsion(encoded: Uint8Array): boolean {
  try {
    return noble.Point.fromBytes(encoded, false).isTorsionFree();
  } catch {
    return false;
  }
}

function isBelowOrder(scalar: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (scalar[i] ?? 0) - (order[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
