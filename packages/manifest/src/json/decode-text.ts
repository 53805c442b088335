export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly reason: 'byte-order-mark' | 'not-utf-8';
      readonly line: number;
      readonly column: number;
    };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Valid UTF-8 without a byte order mark. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return { ok: false, reason: 'byte-order-mark', line: 1, column: 1 };
  }
  try {
    return { ok: true, text: decoder.decode(bytes) };
  } catch {
    return { ok: false, reason: 'not-utf-8', ...firstInvalidByte(bytes) };
  }
}

/** Finds the first invalid byte by halving. A decoder accepts a cut character at the end. */
function firstInvalidByte(bytes: Uint8Array): { line: number; column: number } {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodeStart(bytes, middle) === undefined) invalid = middle;
    else valid = middle;
  }
  const before = decodeStart(bytes, valid) ?? '';
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** The text of the first bytes, without a cut character at the end; undefined if a byte is invalid. */
function decodeStart(bytes: Uint8Array, length: number): string | undefined {
  try {
    const starting = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return starting.decode(bytes.subarray(0, length), { stream: true });
  } catch {
    return undefined;
  }
}
