import type { Options } from 'tsup';
import { copyLicenses } from '../scripts/build/copy-licenses.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';

/** A command: ESM with everything in it, so that it installs as one package and starts from few files. */
export function program(options: Options = {}): Options {
  return {
    format: 'esm',
    target: 'node22',
    platform: 'node',
    noExternal: [/.*/],
    sourcemap: false,
    clean: true,
    splitting: true,
    silent: true,
    onSuccess: async () => copyLicenses(process.cwd()),
    esbuildPlugins: [thirdPartyLicenses('THIRD-PARTY-LICENSES.txt')],
    esbuildOptions(esbuild) {
      esbuild.conditions = ['@holdfast/source', 'module', 'import'];
      esbuild.mainFields = ['module', 'main'];
      esbuild.legalComments = 'none';
    },
    ...options,
  };
}
