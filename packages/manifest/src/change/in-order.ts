const mostAtOnce = 64;

/**
 * The results in the order of the items. While some wait for a thread the next ones begin, up to a limit: more would fill
 * memory with results that nobody reads yet.
 */
export async function* inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // It is awaited later; until then a failure must not count as unhandled.
    result.catch(() => {});
    begun.push(result);
    if (begun.length >= mostAtOnce) yield (await begun.shift()) as R;
  }
  for (const result of begun) yield await result;
}
