import type { PublicKey } from './public-key.ts';

/**
 * Signs bytes with one Ed25519 key. A `PrivateKey` is one; write your own for a key in a KMS or in hardware.
 *
 * @example
 * ```ts
 * const kms: Signer = {
 *   publicKey: alice.publicKey,
 *   sign: async (message) => alice.sign(message), // ask the KMS here
 * };
 * const signed = await signManifest(manifest, kms);
 * verifyManifest(signed, [alice.publicKey]).ok; // => true
 * ```
 */
export interface Signer {
  readonly publicKey: PublicKey;
  /** The 64 bytes of the Ed25519 signature (RFC 8032) of the message itself, not of a hash of it. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}
