/** Runs `work` over the items, at most `width` at a time. The first error stops the rest from starting. */
export async function pooled<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let broken = false;
  const worker = async () => {
    while (next < items.length && !broken) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        broken = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, worker));
}
