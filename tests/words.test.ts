import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { oldWords } from './words/old-words.ts';

const root = join(import.meta.dirname, '..');
const read = /\.(ts|mjs|md|ya?ml|json|txt)$|^\.ci\/run$/;
const notOurs =
  /(^|\/)(vectors|fixtures|dist)\/|^tests\/words|package-lock\.json$|CHANGELOG\.md$|^LICENSE|^(datasets|bench\/results)\//;

/** `path:line: what is there → what to write` */
function found(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    oldWords.flatMap(([word, instead]) => {
      const match = word.exec(line);
      return match ? [`${path}:${index + 1}: "${match[0]}" → ${instead}`] : [];
    }),
  );
}

it('sources and pages use the common word', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  const files = tracked.filter((path) => read.test(path) && !notOurs.test(path));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((path) => found(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
});

it('sees an old word, and says where and what to write', () => {
  expect(found('a.md', 'fine\nto mend it')).toEqual(['a.md:2: "mend" → fix']);
  expect(found('a.md', 'Recommended amendments mention it.')).toEqual([]);
});
