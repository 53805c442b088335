import { type AcceptedManifest, datasetId, wantedNames } from '@holdfast/datasets';
import type { Trust } from '@holdfast/manifest';
import { RetrievalError } from '@holdfast/retrieval';
import { type Ending, endingsOf } from '@holdfast/watch';
import type { Tools, Values } from '../frame/command.ts';
import { openReadNames, type routerFlags, routersFor } from './router-flags.ts';

export interface EndingQuestion {
  readonly accepted: readonly AcceptedManifest[];
  readonly trust: Trust;
  readonly publicKeys?: string | undefined;
  readonly withinMs?: number | undefined;
}

/** What ends soon, by what is signed; names too, where a router is named that knows their records. */
export async function knownEndings(
  { accepted, trust, publicKeys, withinMs }: EndingQuestion,
  flags: Values<typeof routerFlags>,
  tools: Tools,
): Promise<readonly Ending[]> {
  const datasets = accepted.map(({ path, manifest: { dataset } }) => ({
    id: datasetId(dataset),
    path,
    dataset,
  }));
  const names = await recordsOf(wantedNames(accepted, trust.names), flags, tools);
  return endingsOf({ datasets, trust, publicKeys, names }, { at: tools.clock().getTime(), withinMs });
}

async function recordsOf(
  wanted: ReturnType<typeof wantedNames>,
  flags: Values<typeof routerFlags>,
  tools: Tools,
) {
  if (wanted.length === 0 || routersFor(flags, tools).length === 0) return [];
  const names = openReadNames(flags, tools);
  try {
    const found = await Promise.all(
      wanted.map(async ({ dataset, name }) => {
        try {
          const { validUntil } = await names.resolve(name, { signal: tools.signal });
          return [{ dataset, validUntil: validUntil.getTime() }];
        } catch (error) {
          if (!(error instanceof RetrievalError)) throw error;
          tools.note(`the name of ${dataset} is not known: ${error.message}`);
          return [];
        }
      }),
    );
    return found.flat();
  } finally {
    names.stop();
  }
}
