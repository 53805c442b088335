import { publicKeyOf, signEd25519 } from '../crypto/ed25519.ts';
import { ManifestError } from '../error.ts';
import { type PublicKey, publicKeyFrom } from './public-key.ts';
import type { Signer } from './signer.ts';

/**
 * An Ed25519 private key, and a `Signer`. Printing or serializing it shows its fingerprint, not the secret.
 *
 * @example
 * ```ts
 * `${alice}`; // => `PrivateKey ${alice.publicKey.keyid}`
 * ```
 */
export class PrivateKey implements Signer {
  readonly #seed: Uint8Array;
  readonly publicKey: PublicKey;

  /** From the 32 bytes RFC 8032 calls the private key. */
  constructor(seed: Uint8Array, comment?: string) {
    if (seed.length !== 32) {
      throw new ManifestError('key/malformed', `an Ed25519 private key is 32 bytes, got ${seed.length}`);
    }
    this.#seed = Uint8Array.from(seed);
    this.publicKey = publicKeyFrom(publicKeyOf(this.#seed), comment);
  }

  sign(message: Uint8Array): Uint8Array {
    return signEd25519(message, this.#seed);
  }

  /** The secret, for an encoder. */
  exportSeed(): Uint8Array {
    return Uint8Array.from(this.#seed);
  }

  toJSON(): string {
    return `PrivateKey ${this.publicKey.keyid}`;
  }

  toString(): string {
    return this.toJSON();
  }
}

export type RandomBytes = (length: number) => Uint8Array;

/** The platform's secure randomness: the only effect in this package, and an argument wherever it is used. */
export function platformRandom(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

/**
 * A new key. The comment goes into its public key.
 *
 * @example
 * ```ts
 * const key = generateKey();
 * verifyEd25519(key.sign(bytes), bytes, key.publicKey.bytes); // => true
 * ```
 */
export function generateKey(randomBytes: RandomBytes = platformRandom, comment?: string): PrivateKey {
  return new PrivateKey(randomBytes(32), comment);
}
