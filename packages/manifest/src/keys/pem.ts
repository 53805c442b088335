import { fromBase64, toBase64 } from '../crypto/base64.ts';

export interface PemBlock {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** The block of a PEM text (RFC 7468); `undefined` unless there is exactly one. */
export function parsePem(text: string): PemBlock | undefined {
  const match = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END ([A-Z0-9 ]+)-----$/.exec(
    text.trim(),
  );
  if (match === null || match[1] !== match[3]) return undefined;
  const bytes = fromBase64((match[2] ?? '').replace(/[\r\n]/g, ''));
  return bytes && { label: match[1] ?? '', bytes };
}

export function writePem(label: string, bytes: Uint8Array, width = 64): string {
  const lines = toBase64(bytes).match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The label of a text that looks like PEM, to name what is refused. */
export function pemLabel(text: string): string | undefined {
  return /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
}
