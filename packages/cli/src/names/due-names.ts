import { type AcceptedManifest, followNames, type NameResult, wantedNames } from '@holdfast/datasets';
import type { CidResult } from '@holdfast/pinning';
import type { Tools, Values } from '../frame/command.ts';
import { nameKeys } from './name-key.ts';
import { openNames, type routerFlags, routersFor } from './router-flags.ts';

interface DatasetsAndNames {
  readonly byId: ReadonlyMap<string, AcceptedManifest>;
  readonly names: ReadonlyMap<string, string>;
}

export interface DueNames {
  /** Once the copies are known. */
  follow(results: readonly Pick<CidResult, 'ids' | 'outcome'>[]): Promise<NameResult[]>;
}

/** The names that this machine has keys of. Undefined without routers: then nobody asked for names. */
export async function openDueNames(
  { byId, names }: DatasetsAndNames,
  flags: Values<typeof routerFlags>,
  tools: Tools,
): Promise<DueNames | undefined> {
  if (routersFor(flags, tools).length === 0) return undefined;
  const wanted = wantedNames([...byId.values()], names);
  const keys = await nameKeys(wanted, tools);
  return {
    async follow(results) {
      const satisfied = new Set(
        results.filter(({ outcome }) => outcome === 'satisfied').flatMap(({ ids }) => ids),
      );
      const opened = openNames(flags, tools);
      try {
        return await followNames(wanted, {
          names: opened,
          keys,
          hasCopies: (id) => satisfied.has(id),
          now: () => tools.clock().getTime(),
          signal: tools.signal,
        });
      } finally {
        opened.stop();
      }
    },
  };
}

/** The record of the name counts for a while yet, or somebody else takes care of it. */
export function isKept({ outcome }: NameResult): boolean {
  return outcome !== 'failed' && outcome !== 'waiting';
}
