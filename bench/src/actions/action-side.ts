import { fileURLToPath } from 'node:url';
import { type ActionSetup, prepareAction, type SetupOptions } from '@holdfast/testkit';
import type { Side } from '../harness/compare.ts';

/** The bundle that is committed, under Node 24 and in the environment of GitHub's runner. */
export function prepareBundle(
  name: 'validate-manifests' | 'pin-on-merge',
  options: SetupOptions,
): Promise<ActionSetup> {
  const bundle = fileURLToPath(new URL(`../../../actions/${name}/dist/index.cjs`, import.meta.url));
  return prepareAction(bundle, options);
}

export function actionSide(label: string, { argv, cwd, env, clear }: ActionSetup): Side {
  return { label, command: { argv, cwd, wholeEnv: env }, prepare: async () => clear() };
}

export const bareNode = 'node -e 0';

/** The same Node in the same environment, with nothing to do. */
export function bareSide({ argv, cwd, env }: ActionSetup): Side {
  return { label: bareNode, command: { argv: [argv[0], '-e', '0'], cwd, wholeEnv: env } };
}
