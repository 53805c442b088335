import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

describe.each(['action-kit', 'datasets', 'manifest', 'repository', 'site', 'watch'])(
  'README of %s',
  (name) => {
    const root = new URL(`../packages/${name}/`, import.meta.url);
    const readme = readFileSync(new URL('README.md', root), 'utf8');
    const blocks = [...readme.matchAll(/<!-- (examples\/.+\.ts) -->\n```ts\n([\s\S]*?)```/g)].map(
      ([, path = '', code = '']) => ({ path, code }),
    );

    it('shows every example, and no other code', () => {
      const examples = readdirSync(new URL('examples', root)).map((file) => `examples/${file}`);
      expect(blocks.map(({ path }) => path).sort()).toEqual(examples.sort());
      expect(readme.match(/```ts\n/g)).toHaveLength(blocks.length);
    });

    it.each(blocks)('$path runs and prints what it says', async ({ path, code }) => {
      expect(code).toBe(readFileSync(new URL(path, root), 'utf8'));
      const { stdout } = await run(
        process.execPath,
        ['--conditions=@holdfast/source', '--no-warnings', path],
        {
          cwd: root,
        },
      );
      const promised = [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line);
      expect(stdout.trim().split('\n')).toEqual(promised);
    });
  },
);
