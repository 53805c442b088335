import { nameType } from './display.ts';

// JavaScript callers have no compiler: a wrong argument gives a sentence.

export function wrongArgument(what: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${what} expected ${expected}, got ${nameType(got)}`);
}

export function expectBytes(what: string, value: unknown): void {
  if (!(ArrayBuffer.isView(value) && 'BYTES_PER_ELEMENT' in value && value.BYTES_PER_ELEMENT === 1))
    throw wrongArgument(what, 'bytes (a Uint8Array)', value);
}

export function expectText(what: string, value: unknown): void {
  if (typeof value !== 'string') throw wrongArgument(what, 'a string', value);
}

export function expectList(what: string, of: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value))
    throw wrongArgument(what, `a list of ${of}`, value);
}

/** A manifest, not the result of `readManifest`, which contains one. */
export function expectManifest(what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw wrongArgument(what, 'a manifest', value);
  if ('manifest' in value)
    throw new TypeError(`${what} expected a manifest, got the result of readManifest: pass its .manifest`);
  if (!('dataset' in value && 'signatures' in value))
    throw new TypeError(`${what} expected a manifest, with "dataset" and "signatures"`);
}

export function expectTime(what: string, value: unknown): void {
  if (value !== 'merged' && !(value instanceof Date && !Number.isNaN(value.getTime())))
    throw wrongArgument(what, "a valid Date or 'merged'", value);
}
