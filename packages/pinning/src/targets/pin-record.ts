import { integer, labels, object, text, texts } from '@holdfast/http';
import type { WantedPin } from '../target/target.ts';

/** What was asked for, kept beside the pin: for targets whose engine keeps less of it. */
export interface PinRecord {
  readonly pin: WantedPin;
  /** The engine had the pin before: whoever made it may want it still when nobody here does. */
  readonly found: boolean;
}

export function encodeRecord({ pin, found }: PinRecord): string {
  const { name, min, max, expires, origins, metadata } = pin;
  const ends = expires === undefined ? {} : { expires };
  return JSON.stringify({ name, min, max, ...ends, origins, metadata, ...(found && { found }) });
}

/** undefined for what no record is, so that a stranger's file breaks nothing. */
export function decodeRecord(json: string): PinRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const record = object(value);
  const min = integer(record?.min);
  const max = integer(record?.max);
  if (!record || min === undefined || max === undefined) return undefined;
  const expires = text(record.expires);
  const pin: WantedPin = {
    name: text(record.name) ?? '',
    min,
    max,
    ...(expires === undefined ? {} : { expires }),
    origins: texts(record.origins),
    metadata: labels(record.metadata),
  };
  return { pin, found: record.found === true };
}
