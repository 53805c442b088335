import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(import.meta.dirname, '..');

/** Tests run the committed bundle; one that is older than the sources is built first, so that an edit is what is tested. */
export function setup(): void {
  const sources = globSync(
    ['packages/*/src/**/*.ts', 'actions/validate-manifests/src/**/*.ts', 'tsup.base.ts'],
    { cwd: root },
  );
  const newest = Math.max(...sources.map((path) => statSync(join(root, path)).mtimeMs));
  const built = statSync(join(folder, 'dist', 'index.cjs'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > newest) return;
  const tsup = join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsup], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the bundle could not be built:\n${stdout}${stderr}`);
}
