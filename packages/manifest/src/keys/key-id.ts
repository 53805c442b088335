import { toBase64 } from '../crypto/base64.ts';
import { concat } from '../crypto/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { wireString } from './wire.ts';

/** An Ed25519 public key as SSH writes it: RFC 8709 section 4. */
export function sshPublicKey(publicKey: Uint8Array): Uint8Array {
  return concat(wireString('ssh-ed25519'), wireString(publicKey));
}

/**
 * The fingerprint of OpenSSH, `SHA256:…`, of the 32 bytes of a public key: what `ssh-keygen -lf alice.pub` prints.
 *
 * @example
 * ```ts
 * keyId(alice.publicKey.bytes); // => alice.publicKey.keyid
 * ```
 */
export function keyId(publicKey: Uint8Array): string {
  return `SHA256:${toBase64(sha256(sshPublicKey(publicKey))).replace(/=+$/, '')}`;
}
