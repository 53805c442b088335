import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the command line from the sources of all packages, so that tests run a binary that is never stale. */
export async function setup(project: TestProject): Promise<void> {
  // The loop leaves the tests out that need it.
  if (project.vitest.config.tagsFilter?.includes('!slow')) return;
  await bundle();
  project.onTestsRerun(bundle);
}

async function bundle(): Promise<void> {
  await build({
    config: false,
    silent: true,
    entry: [`${root}src/main.ts`],
    outDir: `${root}.cache`,
    format: 'esm',
    target: 'node22',
    platform: 'node',
    splitting: true,
    clean: true,
    // What is not of this workspace stays what Node itself loads.
    skipNodeModulesBundle: true,
    noExternal: [/^@holdfast\//],
    esbuildOptions(options) {
      options.conditions = ['@holdfast/source'];
    },
  });
}
