// A pre-commit hook: reads the staged manifests, and stops the commit where one has a problem.
import { execFileSync } from 'node:child_process';
import { readManifest } from '@holdfast/manifest';

const git = (...args: string[]) => execFileSync('git', args);
const staged = git('diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR', '--', 'manifests/*.json');
for (const file of staged.toString().split('\0').filter(Boolean)) {
  const read = readManifest(git('show', `:${file}`), { file });
  for (const { line, column, message, hint } of read.problems ?? []) {
    console.error(`${file}:${line}:${column} ${message}${hint ? `; ${hint}` : ''}`);
  }
  if (!read.ok) process.exitCode = 1;
}
