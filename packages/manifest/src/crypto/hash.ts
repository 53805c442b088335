import { sha256 as portableSha256, sha512 as portableSha512 } from '@noble/hashes/sha2.js';
import { nativeCrypto } from './native.ts';

/**
 * SHA-256, by the runtime if it can.
 *
 * @example
 * ```ts
 * sha256(new TextEncoder().encode('abc'))[0]; // => 0xba
 * ```
 */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return native('sha256', bytes) ?? portableSha256(bytes);
}

/** SHA-512, by the runtime if it can. */
export function sha512(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return native('sha512', bytes) ?? portableSha512(bytes);
}

function native(algorithm: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const crypto = nativeCrypto();
  if (crypto === undefined) return undefined;
  const digest =
    crypto.hash?.(algorithm, bytes, 'buffer') ?? crypto.createHash(algorithm).update(bytes).digest();
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength);
}
