import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { apiReports } from '../scripts/generate/api-report.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-api-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const reportOf = (files: Record<string, string>): string => {
  const exports = { '.': { types: './dist/index.d.ts' }, './internal': { types: './dist/internal.d.ts' } };
  const all = {
    'package.json': JSON.stringify({ name: 'some', type: 'module', exports }),
    'dist/internal.d.ts': 'export declare const hidden: 1;\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    const file = join(root, 'packages/some', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return apiReports(root)[0]?.text ?? '';
};

it('has every exported name, sorted and without comments, and what is behind /internal not', () => {
  const text = reportOf({
    'dist/index.d.ts':
      '/** Two. */\nexport declare const two: 2;\nexport { one, type One } from "./one.js";\n',
    'dist/one.d.ts': 'export type One = 1;\nexport declare function one(): One;\n',
  });
  expect(text).toContain('Names: 3\n\n```ts\ntype One = 1;\nfunction one(): One;\nconst two: 2;\n```\n');
  expect(text).not.toContain('hidden');
});

it('has the types that an exported one mentions, so that a change of these shows too', () => {
  const text = reportOf({
    'dist/index.d.ts':
      'import type { Part } from "./part.js";\nexport interface Whole { readonly part: Part }\n',
    'dist/part.d.ts': 'export interface Part { readonly size: number }\n',
  });
  expect(text).toContain(
    'Named above, not exported:\n\n```ts\ninterface Part {\n    readonly size: number;\n}\n```',
  );
});

it('asks for a build where there is none', () => {
  expect(() => reportOf({})).toThrow('run `npm run build` first');
});
