import type { BlockRequest } from '@holdfast/content/read';
import type { BlockEvent } from './block-event.ts';
import type { GatewayFault } from './gateway-fault.ts';
import { HedgeBudget } from './hedge-budget.ts';
import { hedgedRace } from './hedged-race.ts';
import type { PoolEntry } from './pool-entry.ts';
import { isNear, ranked } from './ranking.ts';

export interface PoolOptions {
  readonly region: string | undefined;
  /** The longest that one request may take. */
  readonly legMs: number;
  readonly onBlock: ((event: BlockEvent) => void) | undefined;
  readonly now: () => number;
}

/** So long is waited before one that failed is asked beside one that did not. */
const longWaitMs = 1_000;

/** The gateways with what is known of each, and the rule whom to ask. */
export class GatewayPool {
  readonly entries: readonly PoolEntry[];
  readonly #options: PoolOptions;
  readonly #budget = new HedgeBudget();

  constructor(entries: readonly PoolEntry[], options: PoolOptions) {
    this.entries = entries;
    this.#options = options;
  }

  /** Who is asked first for this CID. */
  first(cid: string): PoolEntry | undefined {
    const now = this.#options.now();
    return ranked(
      this.entries.filter((entry) => entry.barred(cid, now) === undefined),
      this.#options.region,
      now,
    )[0];
  }

  /** Asks each that may have the block until one gives it. Who does not is in `faults` afterwards. */
  async round(
    cid: string,
    request: BlockRequest,
    faults: Map<PoolEntry, GatewayFault>,
  ): Promise<Uint8Array | undefined> {
    const candidates = this.#candidates(cid, faults);
    this.#budget.request();
    const won = await hedgedRace(
      candidates,
      ({ runner, signal, onBytes }) =>
        runner.gateway.block(cid, { signal, maxBytes: request.maxBytes }, onBytes),
      {
        signal: request.signal,
        legMs: this.#options.legMs,
        initial: this.#initial(candidates),
        mayHedge: (...slow) => this.#mayHedge(...slow),
        onFault: (entry, fault) => {
          faults.set(entry, fault);
          this.failed(entry, cid, fault);
        },
        onLost: (entry, ms) => this.lost(entry, ms),
      },
    );
    if (won === undefined) return undefined;
    this.gave(won.runner, cid, won.value.length, won);
    return won.value;
  }

  gave(
    entry: PoolEntry,
    cid: string,
    bytes: number,
    {
      headMs,
      bodyMs,
      hedged,
    }: { readonly headMs: number; readonly bodyMs: number; readonly hedged: boolean },
  ): void {
    entry.gave(bytes, headMs, bodyMs);
    const { name: source } = entry.gateway;
    this.#options.onBlock?.({ kind: 'block', cid, source, bytes, ms: headMs + bodyMs, hedged });
  }

  /** It did not go on in time, and others did. */
  lost(entry: PoolEntry, ms: number): void {
    entry.lost(ms, this.#options.now());
  }

  failed(entry: PoolEntry, cid: string, fault: GatewayFault): void {
    entry.failed(cid, fault, this.#options.now());
  }

  /** Whoever failed a moment ago is no help against a short wait. */
  #mayHedge(slow: PoolEntry, next: PoolEntry, ms: number): boolean {
    const now = this.#options.now();
    if (slow.state(now) === 'failing') return true;
    if (next.state(now) === 'failing' && ms < longWaitMs) return false;
    return this.#budget.hedge();
  }

  #candidates(cid: string, faults: Map<PoolEntry, GatewayFault>): PoolEntry[] {
    const now = this.#options.now();
    const open = this.entries.filter((entry) => {
      const fault = entry.barred(cid, now);
      if (fault !== undefined) faults.set(entry, fault);
      return fault === undefined;
    });
    // When all of them asked for a rest, it is over by now: it was waited for.
    const rested = open.filter((entry) => !entry.isResting(now));
    return ranked(rested.length > 0 ? rested : open, this.#options.region, now);
  }

  /** Nobody knows yet who is fast: two are asked at once, once, where they are equally near. */
  #initial([first, second]: readonly PoolEntry[]): number {
    const { region } = this.#options;
    const now = this.#options.now();
    if (first?.state(now) !== 'unmeasured' || second?.state(now) !== 'unmeasured') return 1;
    return isNear(first, region) === isNear(second, region) ? 2 : 1;
  }
}
