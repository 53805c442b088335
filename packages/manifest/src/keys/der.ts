import { concat } from '../crypto/bytes.ts';

// The part of DER (X.690) that SPKI, PKCS#8 and PBES2 need: definite lengths of at most two bytes.

export interface DerValue {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

export const der = {
  integer: 0x02,
  octets: 0x04,
  bits: 0x03,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = concat(...parts);
  const { length } = bytes;
  const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return concat(Uint8Array.of(tag, ...header), bytes);
}

/** The sequence of values in the bytes; undefined if they are not DER. */
export function readDer(bytes: Uint8Array): readonly DerValue[] | undefined {
  const values: DerValue[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = bytes[offset] ?? 0;
    const first = bytes[offset + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f) return undefined;
    const lengthBytes = first < 128 ? 0 : first - 128;
    if (lengthBytes > 2 || first === 128) return undefined;
    let length = lengthBytes === 0 ? first : 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[offset + 2 + i] ?? 0);
    if (lengthBytes > 0 && length < (lengthBytes === 1 ? 128 : 256)) return undefined;
    const start = offset + 2 + lengthBytes;
    if (start + length > bytes.length) return undefined;
    values.push({ tag, bytes: bytes.subarray(start, start + length) });
    offset = start + length;
  }
  return values;
}

/** The members of a value with the expected tag. */
export function derMembers(
  value: DerValue | undefined,
  tag: number = der.sequence,
): readonly DerValue[] | undefined {
  return value?.tag === tag ? readDer(value.bytes) : undefined;
}

export function writeOid(oid: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const body = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 127];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 127) | 128);
    body.push(...digits);
  }
  return writeDer(der.oid, Uint8Array.from(body));
}

export function readOid(value: DerValue | undefined): string | undefined {
  if (value?.tag !== der.oid || value.bytes.length === 0) return undefined;
  const first = value.bytes[0] ?? 0;
  const parts = [Math.min(2, Math.floor(first / 40)), first - Math.min(2, Math.floor(first / 40)) * 40];
  let part = 0;
  for (const byte of value.bytes.subarray(1)) {
    part = part * 128 + (byte & 127);
    if (byte < 128) {
      parts.push(part);
      part = 0;
    }
  }
  return parts.join('.');
}

export function writeInteger(value: number): Uint8Array {
  const bytes = [value & 255];
  for (let left = Math.floor(value / 256); left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 255);
  if ((bytes[0] ?? 0) >= 128) bytes.unshift(0);
  return writeDer(der.integer, Uint8Array.from(bytes));
}

/** A non-negative integer below 2^48. */
export function readInteger(value: DerValue | undefined): number | undefined {
  if (value?.tag !== der.integer || value.bytes.length === 0 || value.bytes.length > 6) return undefined;
  if ((value.bytes[0] ?? 0) >= 128) return undefined;
  return value.bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
