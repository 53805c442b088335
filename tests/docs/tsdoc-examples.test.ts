import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

interface Example {
  readonly name: string;
  readonly code: string;
}

/** The examples in the comments of a package, each by the name of what it documents. */
function examplesOf(name: string): Example[] {
  return globSync(`packages/${name}/src/**/*.ts`, { cwd: root })
    .sort()
    .flatMap((file) => {
      const comments = readFileSync(join(root, file), 'utf8').matchAll(
        /\/\*\*((?:(?!\*\/)[\s\S])*?@example(?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?(?:function\*?|class|const) (\w+)/g,
      );
      return [...comments].map(([, comment = '', documented = '']) => {
        const text = comment.replace(/^ \* ?/gm, '');
        return { name: documented, code: /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? '' };
      });
    });
}

/** The values, not the types, that `index.ts` exports. */
function valuesOf(name: string): string[] {
  const index = readFileSync(join(root, `packages/${name}/src/index.ts`), 'utf8');
  return [...index.matchAll(/^export \{([^}]*)\} from/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
    .sort();
}

let folder = '';
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['pinning'])('the examples in the comments of %s', (name) => {
  const examples = examplesOf(name);

  it('are there for every value of its public API', () => {
    expect(examples.map((example) => example.name).sort()).toEqual(valuesOf(name));
  });

  it('run, and print what they say', async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-examples-'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const calls = await Promise.all(
      examples.map(async (example) => {
        await mkdir(join(folder, example.name));
        await writeFile(join(folder, `${example.name}.ts`), example.code);
        const at = JSON.stringify(join(folder, example.name));
        return `process.chdir(${at}); console.log('--- ${example.name}'); await import('./${example.name}.ts');`;
      }),
    );
    await writeFile(join(folder, 'all.mjs'), calls.join('\n'));
    const { stdout } = await run(process.execPath, [
      '--conditions=@holdfast/source',
      join(folder, 'all.mjs'),
    ]);
    const said = examples.flatMap((example) => [
      `--- ${example.name}`,
      ...[...example.code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line),
    ]);
    expect(said.length).toBeGreaterThan(examples.length);
    expect(stdout.trim().split('\n').filter(Boolean)).toEqual(said);
  });
});
