import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDemo } from './demo.ts';

let empty: string;
let env: Record<string, string>;
/** What the person who runs it has set up for their own datasets is no part of the story. */
let own: { HOLDFAST_KEYS: string; CLUSTER_URL: string; HOLDFAST_PASSWORD: string };

beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'holdfast-no-engines-'));
  for (const program of ['git', 'ssh-keygen', 'sh']) {
    symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(empty, program));
  }
  const absent = { HOLDFAST_KUBO: '', HOLDFAST_CLUSTER_SERVICE: '', HOLDFAST_ENGINES_DIR: '' };
  own = {
    HOLDFAST_KEYS: join(empty, 'own-keys'),
    CLUSTER_URL: 'http://127.0.0.1:1',
    HOLDFAST_PASSWORD: 'secret',
  };
  env = { ...absent, ...own, PATH: empty, XDG_CACHE_HOME: empty, HOME: empty };
});
afterAll(() => rmSync(empty, { recursive: true }));

it('without engines and without Go, the demo goes from a key to repaired copies in three folders', async () => {
  const { code, output } = await runDemo([], env);
  expect(output).toContain('refused: it cannot be merged');
  expect(output).toMatch(/north-sea-tides-v1\.0\.0\.json[\s\S]*\d+:\d+ {2}error[\s\S]*fix: /);
  expect(output).toMatch(/green, and only because all three copies exist/);
  expect(output).toContain('2 of 3 copies');
  expect(output).toContain('three copies again');
  expect(output).toContain('content read and re-hashed');
  expect(output).toContain('everything that was started is stopped');
  expect(output).toContain('the embedded target: three folders of this machine stood for three places');
  expect(output).toContain('npm run demo -- --cluster');
  expect(code).toBe(0);
  expect(existsSync(own.HOLDFAST_KEYS)).toBe(false);
});

it('asked for the cluster where no engine can be built, the demo says what to install', async () => {
  const { code, output } = await runDemo(['--cluster'], env);
  expect(output).toMatch(/kubo \S+ has to be built, which needs Go .* Install Go from https:\/\/go\.dev\/dl/);
  expect(output).toContain('npm run demo -- --folders');
  expect(code).toBe(3);
});

it.each([['--nope'], ['nope'], ['--cluster', '--folders']])(
  'refuses %s, and says how it is called',
  async (...words) => {
    const { code, output } = await runDemo(words, env);
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('Usage: npm run demo') });
  },
);

it('says how it is called', async () => {
  expect(await runDemo(['--help'], env)).toEqual({
    code: 0,
    output: expect.stringContaining('Usage: npm run demo -- [--cluster | --folders]'),
  });
});
