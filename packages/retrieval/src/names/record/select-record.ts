import { compareBytes } from './bytes.ts';
import type { NameRecord } from './record.ts';

/**
 * The one of several verified records that counts: the highest sequence, then the longest validity, then the greatest
 * bytes, so that all readers choose the same.
 *
 * @example
 * ```ts
 * selectRecord([older, newer])?.sequence; // => newer.sequence
 * ```
 */
export function selectRecord(records: readonly NameRecord[]): NameRecord | undefined {
  return records.reduce<NameRecord | undefined>(
    (best, record) => (best === undefined || compareRecords(record, best) > 0 ? record : best),
    undefined,
  );
}

/** Above zero where `a` counts more. */
export function compareRecords(a: NameRecord, b: NameRecord): number {
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? 1 : -1;
  const longer = a.validUntil.getTime() - b.validUntil.getTime();
  return longer === 0 ? compareBytes(a.bytes, b.bytes) : longer;
}
