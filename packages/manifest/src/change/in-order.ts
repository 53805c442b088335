const mostAtOnce = 64;

/**
 * The results in the order of the items. What waits for a thread lets the next begin, up to so many: more would keep results in
 * memory that nobody has taken yet.
 */
export async function* inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // It is awaited in its turn; until then a failure is not one that nobody handles.
    result.catch(() => {});
    begun.push(result);
    if (begun.length >= mostAtOnce) yield (await begun.shift()) as R;
  }
  for (const result of begun) yield await result;
}
