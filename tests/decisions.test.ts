import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decisionIndex } from '../scripts/generate/decision-index.ts';

const folder = join(import.meta.dirname, '../docs/decisions');

it('the index of decisions has every record with its status; `npm run generate` writes it', () => {
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(decisionIndex(folder));
});

it('each record has a number of its own', () => {
  const numbers = readdirSync(folder).flatMap((name) => /^\d{4}/.exec(name)?.[0] ?? []);
  expect(numbers).toEqual([...new Set(numbers)]);
});

it.each([
  ['no status', '# A title\n\n**Context.** Some.\n'],
  ['a status that says nothing', '# A title\n\n**Status.** Maybe.\n'],
  ['no title', '**Status.** Accepted.\n'],
])('a record with %s is refused', (_, text) => {
  const made = mkdtempSync(join(tmpdir(), 'holdfast-decisions-'));
  try {
    writeFileSync(join(made, '0001-some.md'), text);
    expect(() => decisionIndex(made)).toThrow('docs/decisions/0001-some.md: expected "# Title"');
  } finally {
    rmSync(made, { recursive: true });
  }
});
