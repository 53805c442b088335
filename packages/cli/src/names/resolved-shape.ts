import type { ResolvedName } from '@holdfast/retrieval';

/** A sequence has up to 63 bits, more than a number of JSON. */
export function resolvedShape(name: string, resolved: ResolvedName) {
  const { value, sequence, validUntil, ttlMs, source, stale, disagreed } = resolved;
  return {
    name,
    value,
    sequence: `${sequence}`,
    validUntil: validUntil.toISOString(),
    ttlMs,
    source,
    stale,
    disagreed,
  };
}
