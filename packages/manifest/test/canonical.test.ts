import { canonicalize } from '@holdfast/manifest';
import { preAuthEncoding } from '@holdfast/manifest/internal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from './sample.ts';
import { unhex, vectorFile, vectors } from './vectors.ts';

test.each(vectors<{ name: string; input: string; outputHex: string }>('canonical-rfc8785'))(
  'RFC 8785: $name',
  ({ input, outputHex }) => {
    expect(bytes(canonicalize(JSON.parse(input)))).toEqual(unhex(outputHex));
  },
);

const { numbers } = vectorFile<{ numbers: { ieee: string; expected: string }[] }>('canonical-rfc8785');

test.each(numbers)('RFC 8785 appendix B: $expected', ({ ieee, expected }) => {
  const value = new DataView(unhex(ieee).buffer).getFloat64(0);
  expect(canonicalize(value)).toBe(expected);
});

test.each(vectors<{ payloadType: string; payload: string; pae: string }>('dsse'))(
  'DSSE: $pae',
  ({ payloadType, payload, pae }) => {
    expect(preAuthEncoding(payloadType, bytes(payload))).toEqual(bytes(pae));
  },
);

test.each([
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1n,
  () => 1,
  Symbol('s'),
  '\ud800',
  { a: undefined },
  [undefined],
  { '\udc00': 1 },
  new Date(0),
  new Map(),
])('refuses what JSON has no form for: %s', (value) => {
  expect(() => canonicalize(value)).toThrow(expect.objectContaining({ code: 'canonical/not-json' }));
});

test('keys that an object orders by itself are in order all the same', () => {
  const value = JSON.parse('{"10":1,"9":2,"a":{"__proto__":{"2":3,"10":4}},"1":5}');
  expect(canonicalize(value)).toBe('{"1":5,"10":1,"9":2,"a":{"__proto__":{"10":4,"2":3}}}');
});

/** RFC 8785 as it is written, without a thought for speed. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${plainly(member)}`).join()}}`;
}

test('is what the RFC says for any JSON, and reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed: unknown = JSON.parse(JSON.stringify(value));
      fc.pre(JSON.stringify(parsed).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(parsed)));
      expect(canonicalize(parsed)).toBe(plainly(parsed));
      expect(JSON.parse(canonicalize(parsed))).toEqual(parsed);
      expect(canonicalize(JSON.parse(canonicalize(parsed)))).toBe(canonicalize(parsed));
    }),
    { numRuns: 500 },
  );
});

test('nor do the keys of one entry of a list decide about the next one', () => {
  const key = fc.constantFrom('a', 'b', 'ab', '10', '9', '__proto__');
  const entry = fc
    .uniqueArray(key)
    .map((keys) => `{${keys.map((name) => `"${name}":{"b":1,"a":[]}`).join()}}`);
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const parsed: unknown = JSON.parse(`[${entries.join()}]`);
      expect(canonicalize(parsed)).toBe(plainly(parsed));
    }),
  );
});
