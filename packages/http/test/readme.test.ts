import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const blocks = [...readme.matchAll(/<!-- (examples\/.+\.ts) -->\n```ts\n([\s\S]*?)```/g)].map(
  ([, path = '', code = '']) => ({ path, code }),
);

it('shows every example as it is, and no other code', () => {
  const names = readdirSync(new URL('examples', root)).map((name) => `examples/${name}`);
  expect(blocks.map(({ path }) => path).sort()).toEqual(names.sort());
  expect(readme.match(/```ts\n/g)).toHaveLength(blocks.length);
  for (const { path, code } of blocks) expect(code).toBe(readFileSync(new URL(path, root), 'utf8'));
});

it.each(blocks)('$path prints what it says', { tags: ['slow'] }, async ({ path, code }) => {
  const { stdout } = await run(process.execPath, ['--conditions=@holdfast/source', path], { cwd: root });
  expect(stdout.trim().split('\n')).toEqual([...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line));
});
