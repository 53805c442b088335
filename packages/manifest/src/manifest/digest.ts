import { utf8 } from '../crypto/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { toHex } from '../crypto/hex.ts';
import { canonicalize } from '../json/canonical.ts';
import type { Dataset, Manifest } from './manifest.ts';

/**
 * Where a frozen value keeps its canonical form. Not enumerable, so a changed copy has none; a value that can still change
 * has none either.
 */
const canonicalForm = Symbol('canonical form');

/** The bytes that are hashed and signed: RFC 8785 of a `dataset` or `policy`. */
export function canonicalBytes(value: object): Uint8Array {
  const known = Object.hasOwn(value, canonicalForm)
    ? (value as Record<symbol, unknown>)[canonicalForm]
    : undefined;
  return known instanceof Uint8Array ? known : utf8(canonicalize(value));
}

/**
 * SHA-256 of the canonical dataset in lower-case hexadecimal: the identity of a signed version.
 *
 * @example
 * ```ts
 * manifestDigest(manifest.dataset); // => read.digest
 * ```
 */
export function manifestDigest(dataset: Dataset): string {
  return toHex(sha256(canonicalBytes(dataset)));
}

/** True if a reader made this value: it is valid and has not changed since. */
export function wasRead(manifest: Manifest): boolean {
  return Object.isFrozen(manifest) && Object.hasOwn(manifest.dataset, canonicalForm);
}

/** Makes a manifest immutable, and remembers the canonical form of its dataset. */
export function freezeDataset(manifest: Manifest): void {
  const bytes = utf8(canonicalize(manifest.dataset));
  Object.defineProperty(manifest.dataset, canonicalForm, { value: bytes });
  deepFreeze(manifest);
}

function deepFreeze(value: object): void {
  Object.freeze(value);
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
}
