import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from './hex.ts';
import { nativeCrypto } from './native.ts';

/** SHA-256 of bytes that come in parts, by the runtime where it has one. */
export interface Sha256Stream {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal; the stream is over then. */
  hex(): string;
}

export function sha256Stream(): Sha256Stream {
  const hash = nativeCrypto()?.createHash('sha256') ?? sha256.create();
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    hex: () => toHex(hash.digest()),
  };
}
