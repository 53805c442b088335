// @module-tag slow
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;
const workflow = readFileSync(join(root, '.github/workflows/watch.yml'), 'utf8');
/** The step's own script, as GitHub would run it. */
const script = (/run: \|\n((?: {10}.*\n)+)/.exec(workflow)?.[1] ?? '').replace(/^ {10}/gm, '');

let folder: string;
let origin: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-watch-workflow-'));
  origin = join(folder, 'origin.git');
  await run('git', ['init', '-q', '--bare', '-b', 'main', origin]);
  const seed = await clone('seed');
  writeFileSync(join(seed, 'README.md'), 'data\n');
  await git(seed, 'add', '.');
  await git(seed, 'commit', '-qm', 'Begin');
  await git(seed, 'push', '-q', 'origin', 'HEAD:main');
  // In place of npx: this line is what one round of `holdfast watch` appends, late enough for two runs to overlap.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin/npx'),
    `#!/bin/sh
for last; do :; done
[ -f "$last/.gitattributes" ] || echo '*.jsonl merge=union' > "$last/.gitattributes"
echo "{\\"round\\":\\"$ROUND\\"}" >> "$last/2026-11.jsonl"
sleep 0.5
exit "\${SEEN:-0}"
`,
  );
  chmodSync(join(folder, 'bin/npx'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'protocol.file.allow=always'];
const git = (cwd: string, ...args: string[]) => run('git', [...identity, ...args], { cwd });

async function clone(name: string): Promise<string> {
  const path = join(folder, name);
  await run('git', ['clone', '-q', '--depth=1', `file://${origin}`, path]);
  return path;
}

/** A run of the job in a checkout of its own. */
async function job(round: string, env: Record<string, string> = {}): Promise<number> {
  const cwd = await clone(`run-${round}`);
  const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
  const ended = run('bash', ['-eo', 'pipefail', '-c', script], {
    cwd,
    env: { ...process.env, PATH, ROUND: round, GIT_CONFIG_GLOBAL: join(cwd, '..', 'gitconfig'), ...env },
  });
  return ended.then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

async function rounds(): Promise<string[]> {
  const { stdout } = await git(origin, 'show', 'holdfast-history:2026-11.jsonl');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).round)
    .sort();
}

it('begins the branch, appends to it, and says with its exit code what the round saw', async () => {
  expect(await job('1')).toBe(0);
  expect(await job('2', { SEEN: '1' })).toBe(1);
  expect(await rounds()).toEqual(['1', '2']);
  expect(existsSync(join(folder, 'run-2/2026-11.jsonl'))).toBe(false);
});

it('keeps the rounds of two runs at once', async () => {
  expect(await job('1')).toBe(0);
  expect(await Promise.all([job('2'), job('3'), job('4')])).toEqual([0, 0, 0]);
  expect(await rounds()).toEqual(['1', '2', '3', '4']);
});

it('goes on after the branch was rewritten meanwhile', async () => {
  await job('1');
  await job('2');
  const other = await clone('other');
  await git(other, 'fetch', '-q', 'origin', 'holdfast-history');
  await git(other, 'switch', '-q', '--orphan', 'rewritten');
  await git(other, 'checkout', 'FETCH_HEAD', '--', '.');
  await git(other, 'commit', '-qm', 'One commit');
  const running = job('3');
  await new Promise((resolve) => setTimeout(resolve, 400));
  await git(other, 'push', '-q', '--force', 'origin', 'HEAD:holdfast-history');
  expect(await running).toBe(0);
  expect([...new Set(await rounds())]).toEqual(['1', '2', '3']);
});
