import { canonicalize } from '../canonical.ts';
import { utf8 } from '../crypto/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { toHex } from '../crypto/hex.ts';
import type { Dataset, Manifest } from '../manifest/manifest.ts';

/** Only of values frozen here: the canonical form of a value that can still change must not be remembered. */
const canonicalBytesOf = new WeakMap<object, Uint8Array>();

/** The bytes that are hashed and signed: RFC 8785 of a `dataset` or `policy`. */
export function canonicalBytes(value: object): Uint8Array {
  return canonicalBytesOf.get(value) ?? utf8(canonicalize(value));
}

/** SHA-256 of the canonical dataset, lower-case hexadecimal: the identity of a signed version. */
export function manifestDigest(dataset: Dataset): string {
  return toHex(sha256(canonicalBytes(dataset)));
}

/** Makes a manifest immutable, and remembers the canonical form of its dataset. */
export function freezeDataset(manifest: Manifest): void {
  deepFreeze(manifest);
  canonicalBytesOf.set(manifest.dataset, utf8(canonicalize(manifest.dataset)));
}

function deepFreeze(value: object): void {
  Object.freeze(value);
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
}
