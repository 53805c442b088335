import { toBase64 } from '../crypto/base64.ts';
import { concat, equalBytes, utf8 } from '../crypto/bytes.ts';
import type { Equation } from '../crypto/ed25519.ts';
import { sha256, sha512 } from '../crypto/hash.ts';
import { ManifestError } from '../error.ts';
import { sshPublicKey } from '../keys/key-id.ts';
import { parsePem, writePem } from '../keys/pem.ts';
import { type PublicKey, readSshPublicKey } from '../keys/public-key.ts';
import { WireReader, wireString, wireUint32 } from '../keys/wire.ts';
import type { Signature } from '../manifest/signature.ts';
import { expectText } from '../text/argument.ts';
import { show } from '../text/display.ts';

// OpenSSH's PROTOCOL.sshsig: what `ssh-keygen -Y sign` writes.

const magic = utf8('SSHSIG');
const label = 'SSH SIGNATURE';

export type SshHash = 'sha256' | 'sha512';

export interface SshSignature {
  readonly publicKey: PublicKey;
  readonly namespace: string;
  readonly hash: SshHash;
  /** The 64 bytes of Ed25519. */
  readonly signature: Uint8Array;
}

/** What Ed25519 signs: the message goes in as a hash. */
export function sshSignedData(namespace: string, hash: SshHash, message: Uint8Array): Uint8Array {
  const digest = hash === 'sha512' ? sha512(message) : sha256(message);
  return concat(magic, wireString(namespace), wireString(''), wireString(hash), wireString(digest));
}

export function writeSshSignature({ publicKey, namespace, hash, signature }: SshSignature): Uint8Array {
  const inner = concat(wireString('ssh-ed25519'), wireString(signature));
  const parts = [sshPublicKey(publicKey.bytes), utf8(namespace), new Uint8Array(), utf8(hash), inner];
  return concat(magic, wireUint32(1), ...parts.map(wireString));
}

/** Reads the blob. Throws a `ManifestError` for anything but the one encoding of an ssh-ed25519 signature. */
export function readSshSignature(blob: Uint8Array): SshSignature {
  const reader = new WireReader(blob);
  const preamble = reader.take(magic.length);
  if (preamble === undefined || !equalBytes(preamble, magic) || reader.uint32() !== 1) {
    throw malformed('expected an SSHSIG blob of version 1');
  }
  const publicKey = readSshPublicKey(reader.string() ?? new Uint8Array());
  const [namespace, reserved, hash, inner] = [reader.text(), reader.string(), reader.text(), reader.string()];
  if (namespace === undefined || reserved?.length !== 0 || inner === undefined || !reader.atEnd) {
    throw malformed('the SSHSIG blob is cut short or has bytes after its end');
  }
  if (hash !== 'sha256' && hash !== 'sha512') throw malformed(`expected sha256 or sha512, got ${show(hash)}`);
  const innerReader = new WireReader(inner);
  const type = innerReader.text();
  const signature = innerReader.string();
  if (type !== 'ssh-ed25519' || signature?.length !== 64 || !innerReader.atEnd) {
    throw malformed(
      `expected an ssh-ed25519 signature of 64 bytes, got ${show(type)} with ${signature?.length ?? 0}`,
    );
  }
  return { publicKey, namespace, hash, signature };
}

/** The equation that makes the blob a signature by its own key over the message, in its namespace. */
export function sshEquation(
  { publicKey, namespace, hash, signature }: SshSignature,
  message: Uint8Array,
): Equation {
  return { signature, message: sshSignedData(namespace, hash, message), publicKey: publicKey.bytes };
}

/** `-----BEGIN SSH SIGNATURE-----`, for `ssh-keygen -Y verify`. */
export function armorSshSignature(blob: Uint8Array): string {
  return writePem(label, blob, 70);
}

/** The base64 of the blob in an armored file of `ssh-keygen -Y sign`. */
function dearmorSshSignature(text: string): { readonly blob: Uint8Array; readonly base64: string } {
  const block = parsePem(text);
  if (block?.label !== label) throw malformed('expected -----BEGIN SSH SIGNATURE----- and base64');
  return { blob: block.bytes, base64: toBase64(block.bytes) };
}

/**
 * A member of `signatures` from the text that `ssh-keygen -Y sign -n holdfast-dataset` wrote. `verifyManifest` says
 * whether it is valid.
 *
 * @example
 * ```ts
 * const signature = importSshSignature(armored);
 * const signed = { ...manifest, signatures: [...manifest.signatures, signature] };
 * signature.format; // => 'sshsig'
 * ```
 */
export function importSshSignature(armored: string): Signature {
  expectText('importSshSignature', armored);
  const { blob, base64 } = dearmorSshSignature(armored);
  return { keyid: readSshSignature(blob).publicKey.keyid, format: 'sshsig', signature: base64 };
}

function malformed(message: string): ManifestError {
  return new ManifestError('signature/malformed', message);
}
