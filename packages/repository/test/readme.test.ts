import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const blocks = [...readme.matchAll(/<!-- (examples\/.+\.ts) -->\n```ts\n([\s\S]*?)```/g)].map(
  ([, path = '', code = '']) => ({ path, code }),
);

test('every example is in the README, and every snippet is an example', () => {
  expect(blocks.map(({ path }) => path).sort()).toEqual(
    readdirSync(new URL('examples', root))
      .map((name) => `examples/${name}`)
      .sort(),
  );
  expect(readme.match(/```ts\n/g)).toHaveLength(blocks.length);
});

test.each(blocks)('$path runs and prints what it says', async ({ path, code }) => {
  expect(code).toBe(readFileSync(new URL(path, root), 'utf8'));
  const { stdout } = await run(process.execPath, ['--conditions=@holdfast/source', '--no-warnings', path], {
    cwd: root,
  });
  expect(stdout.trim().split('\n')).toEqual([...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line));
});
