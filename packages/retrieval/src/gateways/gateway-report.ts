import type { EntryState, PoolEntry } from './pool-entry.ts';

/** How one source did. */
export interface GatewayReport {
  readonly source: string;
  readonly region: string | undefined;
  /**
   * - `ok`: it gave blocks
   * - `unmeasured`: it gave none yet
   * - `lacking`: it did not have what it was last asked for
   * - `failing`: it failed or was slow less than 30 s ago, and is asked last
   * - `excluded`: it lied or refused, and is not asked again
   */
  readonly state: EntryState;
  readonly blocks: number;
  readonly bytes: number;
  readonly faults: number;
  readonly lastFault: string | undefined;
  /** Until an answer begins, over the last hundred. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export function reportOf(entry: PoolEntry, now: number): GatewayReport {
  const { gateway, heads, blocks, bytes, faults, lastFault } = entry;
  return {
    source: gateway.name,
    region: gateway.region,
    state: entry.state(now),
    blocks,
    bytes,
    faults,
    lastFault,
    p50Ms: heads.percentile(0.5),
    p95Ms: heads.percentile(0.95),
    p99Ms: heads.percentile(0.99),
  };
}
