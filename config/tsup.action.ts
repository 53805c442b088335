import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';
import { thirdPartyLicenses } from './third-party-licenses.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const network = fileURLToPath(new URL('../packages/action-kit/src/network.ts', import.meta.url));

/**
 * An action, the same bytes for the same sources: `index.cjs`; beside it `network.cjs`, which is loaded by the first call of GitHub's API;
 * and the licenses of what both contain.
 */
export function action(): Options {
  return {
    entry: { index: 'src/index.ts', network },
    format: 'cjs',
    target: 'node24',
    platform: 'node',
    noExternal: [/.*/],
    minify: true,
    sourcemap: false,
    clean: true,
    splitting: false,
    outExtension: () => ({ js: '.cjs' }),
    esbuildPlugins: [toolkitWithoutSideEffects, networkApart, thirdPartyLicenses('licenses.txt')],
    esbuildOptions(esbuild) {
      esbuild.conditions = ['@holdfast/source', 'module', 'import'];
      esbuild.legalComments = 'none';
      // `import()` becomes `require`, which starts no loader of modules.
      esbuild.supported = { 'dynamic-import': false };
    },
  };
}

const toolkit = /\/node_modules\/(?:@actions\/[^/]+|undici|tunnel)\//;

/** Nothing of the toolkit acts on import, but its package.json does not say so: undici, for `getIDToken` alone, would be in each bundle. */
const toolkitWithoutSideEffects: Plugin = {
  name: 'toolkit-without-side-effects',
  setup(build) {
    const resolving = Symbol();
    build.onResolve({ filter: /^(?:@actions\/|undici$|tunnel$|\.)/ }, async ({ path, ...from }) => {
      if (from.pluginData === resolving || (path.startsWith('.') && !toolkit.test(from.importer)))
        return undefined;
      const { importer, kind, namespace, resolveDir } = from;
      const found = await build.resolve(path, {
        importer,
        kind,
        namespace,
        resolveDir,
        pluginData: resolving,
      });
      return { ...found, sideEffects: false };
    });
  },
};

const networkApart: Plugin = {
  name: 'network-apart',
  setup(build) {
    build.onResolve({ filter: /\/network\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './network.cjs', external: true } : undefined,
    );
  },
};
