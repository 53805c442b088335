// @module-tag slow
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const workflow = readFileSync(new URL('../.github/workflows/expiring.yml', import.meta.url), 'utf8');
/** The step's own script, as GitHub would run it. */
const script = (/run: \|\n((?: {10}.*\n)+)/.exec(workflow)?.[1] ?? '').replace(/^ {10}/gm, '');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-expiring-'));
  mkdirSync(join(folder, 'bin'));
  program('npx', `cp found.md expiring.md; exit "$FOUND"`);
  // In place of GitHub's own: one issue, kept in files.
  program(
    'gh',
    `echo "$*" >> calls
case "$1 $2" in
  'issue list') [ ! -e title ] || echo 7 ;;
  'issue view') cat title ;;
  'issue create') printf '%s\\n' "$6" > title; cp expiring.md body ;;
  'issue edit') printf '%s\\n' "$5" > title; cp expiring.md body ;;
  'issue close') rm title body ;;
esac`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

async function run(found: string, code: number): Promise<number> {
  writeFileSync(join(folder, 'found.md'), found);
  rmSync(join(folder, 'calls'), { force: true });
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, FOUND: String(code) };
  return promisify(execFile)('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder, env }).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

const kept = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
const calls = () =>
  kept('calls')
    .split('\n')
    .map((line) => line.split(' ').slice(0, 2).join(' '));

it('opens one issue, edits it, says when it comes nearer, and closes it', async () => {
  expect(await run('# Expiring: 1, the first within a month\n\n### tides\n', 1)).toBe(0);
  expect(kept('title')).toBe('Expiring: 1, the first within a month');
  expect(kept('body')).toBe('### tides');
  expect(calls()).toContain('issue create');

  expect(await run('# Expiring: 1, the first within a month\n\n### tides, a day later\n', 1)).toBe(0);
  expect(kept('body')).toBe('### tides, a day later');
  expect(calls()).not.toContain('issue create');
  expect(calls()).not.toContain('issue comment');

  expect(await run('# Expiring: 2, the first within a week\n\n### tides\n', 1)).toBe(0);
  expect(kept('title')).toBe('Expiring: 2, the first within a week');
  expect(calls()).toContain('issue comment');

  expect(await run('', 0)).toBe(0);
  expect(existsSync(join(folder, 'title'))).toBe(false);
  expect(calls()).toContain('issue close');
  expect(await run('', 0)).toBe(0);
  expect(calls()).toEqual(['issue list']);
});

it('leaves the issue as it is where the look failed', async () => {
  await run('# Expiring: 1, the first within a month\n\n### tides\n', 1);
  expect(await run('', 3)).toBe(3);
  expect(kept('title')).toBe('Expiring: 1, the first within a month');
});
