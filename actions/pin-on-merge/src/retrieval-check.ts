import type { DatasetResult, Desired } from '@holdfast/datasets';
import { type Retrieval, type RetrievalOptions, retrieve } from './retrieval.ts';

/** Fetches back what is satisfied. Copies that nobody can be given are not what was promised: such a dataset is degraded. */
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
        reason: 'pinned, but there was no time left to fetch it back through the gateways',
        todo: 'Give `timeout` more, or see why the gateways are slow; then run again.',
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
        reason: `pinned, but not to be had through the gateways: ${found.missing.join('; ')}`,
        todo: 'See that the gateways can reach the peers, then run again.',
      });
    }
  }
  return checked;
}

/** What was pinned stays known when the time is over in the middle. */
async function attempt<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
