import type { EntryState, PoolEntry } from './pool-entry.ts';

const order: readonly EntryState[] = ['ok', 'unmeasured', 'lacking', 'failing'];

/** Whom to ask, best first: those that gave blocks, by latency, the own region before others; those that failed last. */
export function ranked(entries: readonly PoolEntry[], region: string | undefined, now: number): PoolEntry[] {
  const keyed = entries.map((entry, listed) => ({
    entry,
    key: [
      order.indexOf(entry.state(now)),
      isNear(entry, region) ? 0 : 1,
      entry.heads.percentile(0.5) ?? 0,
      listed,
    ],
  }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ entry }) => entry);
}

/** Without a region of one's own, all are near. */
export function isNear({ gateway }: PoolEntry, region: string | undefined): boolean {
  return region === undefined || gateway.region === region;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
