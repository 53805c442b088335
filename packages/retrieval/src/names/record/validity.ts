import { RecordFault } from './record-fault.ts';

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Nanoseconds since 1970, of an RFC 3339 time in UTC. */
export function parseValidity(bytes: Uint8Array): bigint {
  const text = String.fromCharCode(...bytes.subarray(0, 40));
  const [, seconds = '', fraction = ''] = pattern.exec(text) ?? [];
  const ms = Date.parse(`${seconds}Z`);
  // Without the second look, the 30th of February is the 2nd of March.
  if (bytes.length > 40 || Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(seconds))
    throw new RecordFault('malformed', 'its validity is not a time such as 2030-01-31T12:00:00Z');
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

export function formatValidity(time: Date): Uint8Array {
  return new TextEncoder().encode(time.toISOString().replace('Z', '000000Z'));
}
