import type { DatasetResult, Desired, RetrievalResult } from '@holdfast/datasets';
import { type Clock, pooled } from '@holdfast/http';
import type { Retrieval, RetrievalOptions } from './retrieval.ts';

export interface RetrievalCheckOptions extends RetrievalOptions {
  readonly clock: Clock;
  /** When the run has to end, in milliseconds since 1970. */
  readonly endsAt: number;
  readonly log: (line: string) => void;
}

/** Gateways and peers serve several datasets at once. */
const atOnce = 8;
/** A dataset whose pieces do not come within that has not been fetched back. */
const budgetMs = 120_000;

/**
 * Fetches satisfied datasets back. Copies that nobody can get are not what was promised: such a dataset is degraded. Each has
 * its own time, so that one that cannot be had takes none from the others; for those whose turn never came nothing is proved.
 */
export async function checkRetrieval(
  results: readonly DatasetResult[],
  desired: Desired,
  retrieval: Retrieval,
  options: RetrievalCheckOptions,
): Promise<DatasetResult[]> {
  const { retrieve } = await import('./reading.ts');
  const checked = [...results];
  const queue = results.flatMap((result, index) => {
    const accepted = result.id === undefined ? undefined : desired.byId.get(result.id);
    if (result.verdict !== 'satisfied' || accepted === undefined) return [];
    const { cid } = accepted.manifest.dataset;
    return [{ result, dataset: { cid, files: accepted.files }, index }];
  });
  let waiting = queue.length;
  await pooled(queue, atOnce, async ({ result, dataset, index }) => {
    const left = options.endsAt - options.clock.now();
    const share = queue.length > 1 ? (left * atOnce) / Math.max(atOnce, waiting) : left;
    waiting -= 1;
    const ms = Math.min(budgetMs, share);
    const found = await within(ms, options.signal, (signal) =>
      retrieve(dataset, retrieval, { ...options, signal }),
    );
    checked[index] =
      found === undefined ? unproved(result, ms, queue.length) : proved(result, found, options.log);
  });
  return checked;
}

function proved(result: DatasetResult, found: RetrievalResult, log: (line: string) => void): DatasetResult {
  log(
    `fetched back ${result.id}: ${found.blocks} pieces, ${found.bytes} bytes through ${found.gateways.join(', ')}`,
  );
  if (found.ok) return { ...result, retrieval: found };
  return {
    ...result,
    retrieval: found,
    verdict: 'degraded',
    reason: `pinned, but the gateways could not serve it: ${found.missing.join('; ')}`,
    todo: 'Make sure that the gateways can reach the peers, then run again.',
  };
}

function unproved(result: DatasetResult, ms: number, datasets: number): DatasetResult {
  if (ms < budgetMs && datasets > 1) {
    const reason = `${result.reason}; not fetched back through the gateways: \`timeout\` was reached first`;
    return { ...result, reason };
  }
  const limit = ms < budgetMs ? '`timeout` was reached' : `${budgetMs / 1_000} s were over`;
  return {
    ...result,
    verdict: 'degraded',
    reason: `pinned, but ${limit} before it could be fetched back through the gateways`,
    todo: 'Raise `timeout`, or find out why the gateways are slow. Then run again.',
  };
}

/** Undefined where the time ran out: what is pinned must still be reported. */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, Math.round(ms)))]);
  try {
    both.throwIfAborted();
    return await work(both);
  } catch (error) {
    if (both.aborted) return undefined;
    throw error;
  }
}
