// Each may hold a file open, and macOS lets a process have 256.
const size = 64;

/** `Promise.all` over many, some at a time. */
export async function inBatches<T, R>(
  items: readonly T[],
  use: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += size) {
    results.push(...(await Promise.all(items.slice(at, at + size).map(use))));
  }
  return results;
}
