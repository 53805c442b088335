import type { Options } from 'tsup';

/** A published package: ESM with its types. */
export function library(options: Options = {}): Options {
  return {
    entry: ['src/index.ts'],
    format: 'esm',
    target: 'node22',
    platform: 'neutral',
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    ...options,
  };
}

/** An action: one CJS file with everything in it, the same bytes for the same sources. */
export function action(options: Options = {}): Options {
  return {
    entry: ['src/index.ts'],
    format: 'cjs',
    target: 'node24',
    platform: 'node',
    noExternal: [/.*/],
    minify: true,
    sourcemap: false,
    clean: true,
    splitting: false,
    outExtension: () => ({ js: '.cjs' }),
    esbuildOptions(esbuild) {
      esbuild.conditions = ['@holdfast/source', 'module', 'import'];
      esbuild.legalComments = 'none';
    },
    ...options,
  };
}
