import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Ended } from './support/holdfast.ts';
import { newcomersRepository, typed } from './support/newcomer.ts';

const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');

interface Row {
  readonly line: string;
  readonly seen: string;
  readonly code: number;
}

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .replaceAll('\\|', '\u0000')
      .split(' | ')
      .map((cell) => cell.replaceAll('\u0000', '|')),
  )
  .map(([line = '', seen = '', code = '']) => ({
    line: line.slice(3, -1),
    seen: seen.slice(1, -1),
    code: Number(code),
  }));

/** A problem stands as `code`, a line end, and its message; `…` is anything. */
function saysAs({ seen, code }: Row, ended: Ended): boolean {
  const text = seen
    .replace(/^([a-z]+\/[a-z-]+): /, '$1 ')
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll(' ', '\\s+')
    .replaceAll('…', '.*');
  return ended.code === code && new RegExp(text, 'u').test(ended.stderr);
}

it('docs/troubleshooting.md shows what sixty mistakes are answered with', { timeout: 300_000 }, async () => {
  expect(rows.length).toBeGreaterThanOrEqual(60);
  await using box = await newcomersRepository();
  const others: object[] = [];
  for (const row of rows) {
    const ended = await typed(box, row.line);
    if (!saysAs(row, ended)) others.push({ ...row, ended });
  }
  expect(others).toEqual([]);
});

it('would see another message and another exit code', () => {
  const row = { line: '', seen: 'trust/no-rule: no rule … tides', code: 1 };
  const ended = { code: 1, stdout: '', stderr: 'a.json:1:1 error trust/no-rule\n  no rule is for tides\n' };
  expect(saysAs(row, ended)).toBe(true);
  expect(saysAs(row, { ...ended, code: 2 })).toBe(false);
  expect(saysAs(row, { ...ended, stderr: 'error trust/no-rule\n  no rule is for waves\n' })).toBe(false);
});
