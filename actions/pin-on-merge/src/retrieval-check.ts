import type { DatasetResult, Desired } from '@holdfast/datasets';
import { type Retrieval, type RetrievalOptions, retrieve } from './retrieval.ts';

/** Fetches satisfied datasets back. Copies that nobody can get are not what was promised: such a dataset is degraded. */
export async function checkRetrieval(
  results: readonly DatasetResult[],
  desired: Desired,
  retrieval: Retrieval,
  { log, ...options }: RetrievalOptions & { readonly log: (line: string) => void },
): Promise<DatasetResult[]> {
  const checked: DatasetResult[] = [];
  for (const result of results) {
    const dataset = result.id === undefined ? undefined : desired.byId.get(result.id)?.manifest.dataset;
    if (result.verdict !== 'satisfied' || dataset === undefined) {
      checked.push(result);
      continue;
    }
    const found = await attempt(() => retrieve(dataset, retrieval, options), options.signal);
    if (found === undefined) {
      checked.push({
        ...result,
        verdict: 'degraded',
        reason: 'pinned, but `timeout` was reached before it could be fetched back through the gateways',
        todo: 'Raise `timeout`, or find out why the gateways are slow. Then run again.',
      });
      continue;
    }
    log(
      `fetched back ${result.id}: ${found.blocks} pieces, ${found.bytes} bytes through ${found.gateways.join(', ')}`,
    );
    if (found.ok) checked.push({ ...result, retrieval: found });
    else {
      checked.push({
        ...result,
        retrieval: found,
        verdict: 'degraded',
        reason: `pinned, but the gateways could not serve it: ${found.missing.join('; ')}`,
        todo: 'Make sure that the gateways can reach the peers, then run again.',
      });
    }
  }
  return checked;
}

/** Undefined if the time ran out: what is pinned must still be reported. */
async function attempt<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
