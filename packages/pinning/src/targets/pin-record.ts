import { integer, labels, object, text, texts } from '../http/json-shape.ts';
import type { WantedPin } from '../target.ts';

/** What was asked for, as JSON: for targets whose engine keeps less of it. */
export function encodeRecord({ name, min, max, expires, origins, metadata }: WantedPin): string {
  return JSON.stringify({ name, min, max, ...(expires === undefined ? {} : { expires }), origins, metadata });
}

/** undefined for what no record is, so that a stranger's file breaks nothing. */
export function decodeRecord(json: string): WantedPin | undefined {
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
  return {
    name: text(record.name) ?? '',
    min,
    max,
    ...(expires === undefined ? {} : { expires }),
    origins: texts(record.origins),
    metadata: labels(record.metadata),
  };
}
