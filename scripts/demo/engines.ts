import { EngineMissing, findEngine } from '../../packages/testkit/src/index.ts';
import { tell } from './stage.ts';

/** Kubo and IPFS Cluster, built if need be. Gives the reason where they cannot be had. */
export async function getEngines(): Promise<string | undefined> {
  try {
    for (const name of ['kubo', 'cluster-service'] as const) {
      await findEngine(name, {
        build: true,
        onProgress: ({ module, version, state, seconds }) =>
          tell(
            `${module} ${version}: ${state === 'built' ? 'built in' : 'building with Go, once;'} ${seconds.toFixed(0)} s`,
          ),
      });
    }
    return undefined;
  } catch (error) {
    if (error instanceof EngineMissing) return error.message;
    throw error;
  }
}
