import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Options } from 'tsup';
import { expect, it } from 'vitest';
import { action } from '../../../config/tsup.action.ts';
import { program } from '../../../config/tsup.base.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

/** Threads are started from source text, which a bundler may rename, minify and move, but must leave whole. */
it.each<[string, Options]>([
  ['one minified CJS file', action()],
  ['an ESM build', program({ onSuccess: async () => {}, esbuildPlugins: [] })],
])('hashes from inside %s', { tags: ['slow'] }, async (_, options) => {
  const folder = tempFolder({ 'data/big': noise(20_000_000), 'data/small': 'x', 'data/empty': '' });
  const data = join(folder, 'data');
  const entry = join(folder, 'entry.ts');
  const source = JSON.stringify(join(import.meta.dirname, '../src/hash/hash-folder.ts'));
  writeFileSync(
    entry,
    `import { hashFolder } from ${source};
    void hashFolder(process.argv[2] ?? '').then(({ cid }) => process.stdout.write(cid));`,
  );
  const esbuildOptions: NonNullable<Options['esbuildOptions']> = (esbuild) => {
    esbuild.conditions = ['@holdfast/source', 'module', 'import'];
  };
  const outDir = join(folder, 'out');
  await build({
    ...options,
    entry: [entry],
    outDir,
    esbuildOptions,
    config: false,
    silent: true,
    sourcemap: false,
  });
  const file = readdirSync(outDir).find((name) => /\.c?js$/.test(name));
  writeFileSync(
    join(outDir, 'package.json'),
    JSON.stringify({ type: file?.endsWith('.cjs') ? 'commonjs' : 'module' }),
  );
  const cid = execFileSync(process.execPath, [join(outDir, file ?? ''), data]).toString();
  expect(cid).toBe((await hashFolder(data)).cid);
});
