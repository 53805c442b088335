import { ManifestError } from './error.ts';

/** RFC 8785, the JSON Canonicalization Scheme. Throws a `ManifestError` for what JSON cannot say. */
export function canonicalize(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw notJson('a string with a lone surrogate');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw notJson(String(value));
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>);
    default:
      throw notJson(typeof value);
  }
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + canonicalize(values[i]);
  return `${text}]`;
}

function canonicalObject(value: Record<string, unknown>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw notJson('an object of a class');
  const keys = Object.keys(value);
  if (!isSorted(keys)) keys.sort();
  let text = '{';
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    text += `${(i === 0 ? '' : ',') + canonicalize(key)}:${canonicalize(value[key])}`;
  }
  return `${text}}`;
}

/** By UTF-16 code units, as RFC 8785 section 3.2.3 has it and as JavaScript compares strings. */
function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if ((keys[i] as string) < (keys[i - 1] as string)) return false;
  return true;
}

function notJson(what: string): ManifestError {
  return new ManifestError('canonical/not-json', `canonical JSON has no form for ${what}`);
}
