import { equalBytes, utf8 } from '../crypto/bytes.ts';

export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly fault: 'byte-order-mark' | 'not-utf-8';
      readonly line: number;
      readonly column: number;
    };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 without a byte order mark, every byte of it valid. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return { ok: false, fault: 'byte-order-mark', line: 1, column: 1 };
  }
  try {
    return { ok: true, text: decoder.decode(bytes) };
  } catch {
    return { ok: false, fault: 'not-utf-8', ...firstInvalidByte(bytes) };
  }
}

/** Decoded leniently, the text is its bytes up to the first invalid one. */
function firstInvalidByte(bytes: Uint8Array): { line: number; column: number } {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let end = lenient.indexOf('\ufffd');
  while (end !== -1) {
    const before = utf8(lenient.slice(0, end));
    const genuine = equalBytes(
      bytes.subarray(before.length, before.length + 3),
      Uint8Array.of(0xef, 0xbf, 0xbd),
    );
    if (!genuine) break;
    end = lenient.indexOf('\ufffd', end + 1);
  }
  const valid = lenient.slice(0, Math.max(end, 0));
  return { line: valid.split('\n').length, column: valid.length - valid.lastIndexOf('\n') };
}
