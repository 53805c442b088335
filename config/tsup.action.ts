import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';
import { thirdPartyLicenses } from './third-party-licenses.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What is loaded on first use, each in a file of its own: to compile it would take a run longer that never uses it. */
const apart = {
  network: fileURLToPath(new URL('../packages/action-kit/src/network.ts', import.meta.url)),
  'kubo-rpc': fileURLToPath(new URL('../packages/pinning/src/targets/kubo/kubo-rpc.ts', import.meta.url)),
  'block-work': fileURLToPath(
    new URL('../packages/pinning/src/targets/cluster/block-work.ts', import.meta.url),
  ),
  proof: 'src/proof.ts',
  scanner: 'src/scan/scanner.ts',
  'targets-file': 'src/targets-file.ts',
  /** Each action has its own. */
  reading: 'src/reading.ts',
} as const;

/**
 * An action, the same bytes for the same sources: `index.cjs`; beside it `network.cjs`, which is loaded by the first call of GitHub's API,
 * and other files that it names; and the licenses of what all of them contain.
 */
export function action({ files = [] }: { readonly files?: readonly (keyof typeof apart)[] } = {}): Options {
  const others = Object.fromEntries(files.map((name) => [name, apart[name]]));
  return {
    entry: { index: 'src/index.ts', network: apart.network, ...others },
    format: 'cjs',
    target: 'node24',
    platform: 'node',
    noExternal: [/.*/],
    minify: true,
    sourcemap: false,
    clean: true,
    splitting: false,
    outExtension: () => ({ js: '.cjs' }),
    esbuildPlugins: [toolkitWithoutSideEffects, filesApart, thirdPartyLicenses('licenses.txt')],
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

const filesApart: Plugin = {
  name: 'files-apart',
  setup(build) {
    build.onResolve(
      { filter: /\/(?:network|kubo-rpc|reading|proof|block-work|scanner|targets-file)\.ts$/ },
      ({ kind, path }) =>
        kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
    );
  },
};
