// @module-tag slow

import { type Manifest, readManifest } from '@holdfast/manifest';
import fc from 'fast-check';
import { visit } from 'jsonc-parser';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { quickCheck } from '../src/json/quick-check.ts';
import { countMembers, scanJson } from '../src/json/scan-json.ts';
import { Manifest as ManifestSchema } from '../src/manifest/manifest.ts';
import { PolicyDocument } from '../src/policy/policy.ts';
import { codePoint } from './code-point.ts';
import { bytes, key, sample } from './sample.ts';
import { vectors } from './vectors.ts';

/** Ends in a manifest or in problems, each with its place. */
function readsOrTells(input: Uint8Array): void {
  const read = readManifest(input);
  if (read.ok) {
    expect(read.digest).toMatch(/^[0-9a-f]{64}$/);
    return;
  }
  expect(read.problems.some(({ severity }) => severity === 'error')).toBe(true);
  for (const { line, column, message } of read.problems) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  }
}

const documents = vectors<{ text: string }>('manifests').map(({ text }) => text);
const tokens = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  'd800',
  '0',
  '-',
  '.',
  'e',
  'null',
  'true',
  '"a"',
  '__proto__',
  ' ',
  '\n',
  '\u0000',
  'é',
  '𝄞',
);

test('any bytes end in problems or a manifest', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readsOrTells), { numRuns: 500 });
});

test('anything like JSON ends in problems or a manifest', () => {
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 60 }), (parts) => readsOrTells(bytes(parts.join('')))),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => readsOrTells(bytes(text))),
    { numRuns: 200 },
  );
});

test('a manifest with a piece cut out, doubled or put in ends in problems or a manifest', () => {
  const edit = fc.tuple(
    fc.constantFrom(...documents),
    fc.nat(3000),
    fc.nat(40),
    fc.oneof(fc.constant(''), tokens, fc.string()),
  );
  fc.assert(
    fc.property(edit, ([text, at, length, more]) => {
      const start = at % text.length;
      readsOrTells(bytes(text.slice(0, start) + more + text.slice(start + length)));
      readsOrTells(bytes(text.slice(0, start) + text.slice(Math.max(0, start - length))));
    }),
    { numRuns: 500 },
  );
});

/** A manifest in which any value may have become any other. */
const mutated = fc
  .tuple(
    fc.constantFrom(...documents),
    fc.nat(),
    fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: codePoint }),
      fc.double(),
      fc.constantFrom('', 0, -1, -0, 2 ** 53, null, [], {}),
    ),
  )
  .map(([text, position, replacement]) => {
    const value: unknown = JSON.parse(text);
    const places: [Record<string, unknown>, string][] = [];
    const walk = (node: unknown) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, member] of Object.entries(node)) {
        places.push([node as Record<string, unknown>, name]);
        walk(member);
      }
    };
    walk(value);
    const [holder, name] = places[position % places.length] ?? [];
    if (holder !== undefined && name !== undefined) {
      if (position % 5 === 0) delete holder[name];
      else if (position % 5 === 1) holder[`${name}x`] = replacement;
      else holder[name] = replacement;
    }
    return value;
  });

test('the quick check accepts only what zod accepts, and everything that a reader meets', () => {
  const quick = quickCheck(ManifestSchema);
  fc.assert(
    fc.property(mutated, (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value));
      expect(quick(json)).toBe(ManifestSchema.safeParse(json).success);
    }),
    { numRuns: 3000 },
  );
  const policy: unknown = {
    policy: {
      version: 1,
      signers: { a: { keys: ['a.pub'] } },
      rules: [{ manifests: ['**'], signers: ['a'], threshold: 1, tiers: ['standard'] }],
      tiers: { critical: { min: 1, max: 2 } },
    },
    signatures: [],
  };
  expect(quickCheck(PolicyDocument)(policy)).toBe(PolicyDocument.safeParse(policy).success);
  expect(quickCheck(z.union([z.string(), z.number()]))('a')).toBe(false);
});

test('the scanner counts members, depth and odd numbers as jsonc-parser sees them', () => {
  const texts = fc.oneof(
    fc.constantFrom(...documents),
    fc.json({ maxDepth: 5 }),
    fc.jsonValue({ noUnicodeString: false } as never).map((value) => JSON.stringify(value, null, 1)),
    fc
      .array(
        fc.tuple(
          fc.string(),
          fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('\\"', 'a:b', '{')),
        ),
      )
      .map(
        (members) =>
          `{${members.map(([name, value]) => `${JSON.stringify(name)}:${Object.is(value, -0) ? '-0' : JSON.stringify(value)}`).join()}}`,
      ),
  );
  fc.assert(
    fc.property(texts, (text) => {
      let [members, depth, deepest, odd] = [0, 0, 0, false];
      const enter = () => {
        deepest = Math.max(deepest, ++depth);
      };
      visit(text, {
        onObjectBegin: enter,
        onArrayBegin: enter,
        onObjectEnd: () => void depth--,
        onArrayEnd: () => void depth--,
        onObjectProperty: () => void members++,
        onLiteralValue: (value, offset, length) => {
          odd ||=
            typeof value === 'number' && !/^(0|-?[1-9][0-9]*)$/.test(text.slice(offset, offset + length));
        },
      });
      expect(scanJson(text, 1000)).toEqual({ depth: deepest, members, oddNumbers: odd });
      expect(countMembers(JSON.parse(text))).toBeLessThanOrEqual(members);
    }),
    { numRuns: 1000 },
  );
});

test('a duplicate key is found wherever it is put', () => {
  fc.assert(
    fc.property(fc.constantFrom(...documents), fc.nat(), (text, position) => {
      const keys = [...text.matchAll(/"[^"\\]+":/g)];
      const chosen = keys[position % keys.length];
      if (chosen === undefined) return;
      const doubled = `${text.slice(0, chosen.index)}${chosen[0]}null,${text.slice(chosen.index)}`;
      const found = readManifest(bytes(doubled)).problems.find(({ code }) => code === 'json/duplicate-key');
      const before = text.slice(0, chosen.index);
      const column = chosen.index - before.lastIndexOf('\n');
      expect(found?.message).toContain(`line ${before.split('\n').length}, column ${column}`);
    }),
  );
});

test('100,000 levels, a giant number and a long string end at once', () => {
  const started = process.cpuUsage();
  for (const text of [
    '['.repeat(100_000),
    '{"a":'.repeat(100_000),
    `[${'9'.repeat(500_000)}]`,
    `"${'\\'.repeat(500_001)}"`,
    `"${'\\"'.repeat(250_000)}`,
  ])
    readsOrTells(bytes(text));
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
});

test('10,000 signatures are refused unread', () => {
  const signed = sample({ signers: [key(1)] });
  const many: Manifest = { ...signed, signatures: Array(10_000).fill(signed.signatures[0]) };
  const read = readManifest(bytes(JSON.stringify(many)), { maxBytes: 10_000_000 });
  expect(read.ok).toBe(false);
  expect(read.problems.length).toBeLessThanOrEqual(1001);
  expect(readManifest(bytes(JSON.stringify(many))).problems).toMatchObject([{ code: 'json/too-large' }]);
});

test('problems without end are cut, and counted', () => {
  const read = readManifest(bytes(`{"dataset":{"files":[${'0,'.repeat(200_000)}0]},"signatures":[]}`));
  expect(read.problems.length).toBeLessThanOrEqual(1001);
  expect(read.problems.at(-1)).toMatchObject({ code: 'json/more-problems' });
});
