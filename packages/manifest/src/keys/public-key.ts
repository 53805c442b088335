import { fromBase64, toBase64 } from '../crypto/base64.ts';
import { equalBytes } from '../crypto/bytes.ts';
import { isStrictPublicKey } from '../crypto/ed25519.ts';
import { ManifestError } from '../error.ts';
import { escapeText, show } from '../text/display.ts';
import { der, derMembers, readDer, readOid, writeDer, writeOid } from './der.ts';
import { keyId, sshPublicKey } from './key-id.ts';
import { parsePem, pemLabel, writePem } from './pem.ts';
import { isSshKeyType, unsupportedAlgorithm, unsupportedPem, unsupportedSshType } from './unsupported-key.ts';
import { WireReader } from './wire.ts';

/** An Ed25519 public key that passed the strict checks. */
export interface PublicKey {
  /** Its OpenSSH fingerprint, recomputed from the bytes. */
  readonly keyid: string;
  readonly bytes: Uint8Array;
  readonly comment?: string | undefined;
}

export const ed25519Oid = '1.3.101.112';
const expected =
  'expected an OpenSSH line (ssh-ed25519 AAAA… comment), an SPKI PEM or the base64 of 32 bytes';

/**
 * The one key of a text: an OpenSSH line, SPKI PEM, or the base64 of 32 bytes. Throws a `ManifestError` that says what it found instead.
 *
 * @example
 * ```ts
 * const key = parsePublicKey('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPFzdrYUzMJ/JGu1jiMyskY1vPbLdizwXrTy2DSRZkD alice');
 * key.comment; // => 'alice'
 * ```
 */
export function parsePublicKey(text: string): PublicKey {
  const keys = parsePublicKeys(text);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new ManifestError('key/malformed', `expected one public key, got ${keys.length}`);
  }
  return key;
}

/** Every key of a `.pub` file: one a line, besides blank lines and `#` comments. */
export function parsePublicKeys(text: string): readonly PublicKey[] {
  const label = pemLabel(text);
  if (label !== undefined) return [parseSpki(text, label)];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseLine);
}

/** A key from its 32 bytes, after the strict checks. */
export function publicKeyFrom(bytes: Uint8Array, comment?: string): PublicKey {
  if (bytes.length !== 32) {
    throw new ManifestError('key/malformed', `an Ed25519 public key is 32 bytes, got ${bytes.length}`);
  }
  if (!isStrictPublicKey(bytes)) {
    const why = 'it is of small order, has torsion or is not in its one encoding';
    throw new ManifestError('key/not-strict', `the Ed25519 public key is not a sound one: ${why}`);
  }
  const key = { keyid: keyId(bytes), bytes: Uint8Array.from(bytes) };
  return comment === undefined || comment === '' ? key : { ...key, comment };
}

/**
 * The OpenSSH line `ssh-ed25519 AAAA… comment`, without a line feed.
 *
 * @example
 * ```ts
 * parsePublicKey(formatPublicKey(alice.publicKey)).keyid; // => alice.publicKey.keyid
 * ```
 */
export function formatPublicKey(key: PublicKey): string {
  const comment = key.comment === undefined ? '' : ` ${escapeText(key.comment)}`;
  return `ssh-ed25519 ${toBase64(sshPublicKey(key.bytes))}${comment}`;
}

export function formatSpki(key: PublicKey): string {
  const algorithm = writeDer(der.sequence, writeOid(ed25519Oid));
  return writePem(
    'PUBLIC KEY',
    writeDer(der.sequence, algorithm, writeDer(der.bits, Uint8Array.of(0), key.bytes)),
  );
}

/** The key from SSH's encoding. Only one spelling is accepted. */
export function readSshPublicKey(blob: Uint8Array, comment?: string): PublicKey {
  const reader = new WireReader(blob);
  const type = reader.text();
  if (type === undefined) throw new ManifestError('key/malformed', expected);
  if (type !== 'ssh-ed25519') throw unsupportedSshType(type);
  const bytes = reader.string();
  if (bytes === undefined || !reader.atEnd) {
    throw new ManifestError('key/malformed', 'the ssh-ed25519 key is cut short or has bytes after its end');
  }
  return publicKeyFrom(bytes, comment);
}

function parseLine(line: string): PublicKey {
  const [first = '', second, ...comment] = line.split(/[ \t]+/);
  if (second === undefined && !isSshKeyType(first)) return parseBase64(first);
  if (first !== 'ssh-ed25519') {
    if (isSshKeyType(first)) throw unsupportedSshType(first);
    throw new ManifestError('key/malformed', `${expected}, got a line that begins with ${show(first, 24)}`);
  }
  const blob = fromBase64(second ?? '');
  if (blob === undefined) throw new ManifestError('key/malformed', 'what follows ssh-ed25519 is not base64');
  return readSshPublicKey(blob, comment.join(' '));
}

function parseBase64(word: string): PublicKey {
  const bytes = fromBase64(word);
  if (bytes === undefined) throw new ManifestError('key/malformed', `${expected}, got ${show(word, 24)}`);
  return publicKeyFrom(bytes);
}

function parseSpki(text: string, label: string): PublicKey {
  if (label.includes('PRIVATE KEY')) {
    const hint =
      'keep it out of the repository, and where it was pushed make another key; ssh-keygen -y -f <file> prints its public key';
    throw new ManifestError('key/malformed', 'this is a private key where a public key is expected', {
      hint,
    });
  }
  if (label !== 'PUBLIC KEY') throw unsupportedPem(label);
  const pem = parsePem(text);
  const [algorithm, key, ...more] = derMembers(pem && readDer(pem.bytes)?.[0]) ?? [];
  const oid = readOid(derMembers(algorithm)?.[0]);
  if (oid !== undefined && oid !== ed25519Oid) throw unsupportedAlgorithm(oid);
  if (
    pem === undefined ||
    oid === undefined ||
    key?.tag !== der.bits ||
    key.bytes[0] !== 0 ||
    more.length > 0
  ) {
    throw new ManifestError('key/malformed', 'the PEM block is not a SubjectPublicKeyInfo (RFC 8410)');
  }
  const parsed = publicKeyFrom(key.bytes.subarray(1));
  if (!equalBytes(parsePem(formatSpki(parsed))?.bytes ?? new Uint8Array(), pem.bytes)) {
    throw new ManifestError('key/malformed', 'the SubjectPublicKeyInfo is not in its one DER form');
  }
  return parsed;
}
