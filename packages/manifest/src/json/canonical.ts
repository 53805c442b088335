import { ManifestError } from '../error.ts';

/**
 * RFC 8785, the JSON Canonicalization Scheme. Throws `canonical/not-json` for a value that JSON cannot express.
 *
 * @example
 * ```ts
 * canonicalize({ b: [1, 'x'], a: null }); // => '{"a":null,"b":[1,"x"]}'
 * ```
 */
export function canonicalize(value: unknown): string {
  const ordered = orderKeys(value, { keys: [], sorted: [] });
  // With sorted keys, ECMAScript's own serialization is canonical (RFC 8785 section 3.2.2), and the fastest.
  return ordered === unorderable ? writeValue(value) : JSON.stringify(ordered);
}

/** Stands for a value whose keys an object cannot hold in order. */
const unorderable = Symbol('unorderable');

/** Keys that an object keeps in its own order, or that assignment does not set. */
const unruly = /^(?:0|[1-9][0-9]*|__proto__)$/;

/** The keys of the object before and their order: the entries of a list mostly have the same ones. */
interface LastKeys {
  keys: readonly string[];
  /** Undefined where an object cannot hold them in order. */
  sorted: readonly string[] | undefined;
}

function orderKeys(value: unknown, last: LastKeys): unknown {
  if (typeof value !== 'object' || value === null) return checkLeaf(value);
  if (Array.isArray(value)) {
    const items = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) {
      const item = orderKeys(value[i], last);
      if (item === unorderable) return unorderable;
      items[i] = item;
    }
    return items;
  }
  const keys = keysOf(value);
  if (!sameKeys(keys, last.keys)) {
    last.keys = keys;
    last.sorted = keys.some((key) => unruly.test(key)) ? undefined : sortKeys(keys);
  }
  const { sorted } = last;
  if (sorted === undefined) return unorderable;
  const ordered: Record<string, unknown> = {};
  for (const key of sorted) {
    const member = orderKeys((value as Record<string, unknown>)[key], last);
    if (member === unorderable) return unorderable;
    ordered[key] = member;
  }
  return ordered;
}

function keysOf(value: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw notJson('an object of a class');
  return Object.keys(value);
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** By UTF-16 code units: RFC 8785 section 3.2.3, and how JavaScript compares strings. */
function sortKeys(keys: readonly string[]): readonly string[] {
  for (const key of keys) if (!key.isWellFormed()) throw notJson('a key with a lone surrogate');
  return [...keys].sort();
}

function checkLeaf(value: unknown): unknown {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw notJson('a string with a lone surrogate');
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(String(value));
  } else if (typeof value !== 'boolean' && value !== null) {
    throw notJson(typeof value);
  }
  return value;
}

/** The same by hand, for any keys. */
function writeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(checkLeaf(value));
  if (Array.isArray(value)) return `[${value.map(writeValue).join(',')}]`;
  const members = sortKeys(keysOf(value)).map(
    (key) => `${JSON.stringify(key)}:${writeValue((value as Record<string, unknown>)[key])}`,
  );
  return `{${members.join(',')}}`;
}

function notJson(what: string): ManifestError {
  return new ManifestError('canonical/not-json', `canonical JSON has no form for ${what}`);
}
