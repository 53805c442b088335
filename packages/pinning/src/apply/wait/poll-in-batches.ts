/** As many CIDs as one request asks for. */
const batchSize = 50;
const mostAtOnce = 4;

/**
 * Asks about a queue a request's worth at a time, and goes on, ever more at once, as long as most of what was
 * asked about is done; at least the first `least` are asked about. `ask` answers how many of a batch are done.
 */
export async function pollInBatches(
  queue: readonly string[],
  least: number,
  ask: (batch: readonly string[]) => Promise<number>,
): Promise<void> {
  let width = 1;
  for (let from = 0; from < queue.length; width = Math.min(width * 2, mostAtOnce)) {
    const end = Math.min(queue.length, from + width * batchSize);
    const done = await Promise.all(batches(queue.slice(from, end)).map(ask));
    const most = done.reduce((sum, count) => sum + count, 0) >= (end - from) / 2;
    if (!most && end >= least) return;
    from = end;
  }
}

function batches(cids: readonly string[]): string[][] {
  const count = Math.ceil(cids.length / batchSize);
  return Array.from({ length: count }, (_, index) => cids.slice(index * batchSize, (index + 1) * batchSize));
}
