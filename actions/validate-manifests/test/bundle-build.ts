import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    bundle: string;
  }
}

const folder = join(import.meta.dirname, '..');

/**
 * Tests run the bundle that a build makes of the sources as they are, in a folder that no other build sweeps meanwhile. That the
 * committed one has the same bytes is a check of its own (`npm run check built`).
 */
export function setup(project: TestProject): (() => void) | undefined {
  // The loop leaves the tests out that need it.
  if (project.vitest.config.tagsFilter?.includes('!slow')) return undefined;
  const made = mkdtempSync(join(tmpdir(), 'holdfast-bundle-'));
  const tsup = join(folder, '..', '..', 'node_modules', 'tsup', 'dist', 'cli-default.js');
  const build = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsup, '--out-dir', join(made, 'dist')], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the bundle could not be built:\n${stdout}${stderr}`);
  };
  build();
  project.onTestsRerun(build);
  copyFileSync(join(folder, 'action.yml'), join(made, 'action.yml'));
  project.provide('bundle', join(made, 'dist', 'index.cjs'));
  return () => rmSync(made, { recursive: true, force: true });
}
