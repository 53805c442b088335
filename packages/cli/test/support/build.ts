import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the command line from the sources of all packages, so that tests run a binary that is never stale. */
export async function setup(): Promise<void> {
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
