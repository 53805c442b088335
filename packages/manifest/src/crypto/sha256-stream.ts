import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from './hex.ts';
import { nativeCrypto } from './native.ts';

/** SHA-256 of bytes in parts, by the runtime if it can. */
export interface Sha256Stream {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. Ends the stream. */
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
