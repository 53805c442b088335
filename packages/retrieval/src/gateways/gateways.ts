import { limitOf } from '@holdfast/content/internal';
import type { BlockRequest, BlockSession, BlockSource } from '@holdfast/content/read';
import { type Clock, fetchTransport, systemClock, type Transport } from '@holdfast/http';
import { RetrievalError } from '../error.ts';
import { SharedCalls } from '../shared-calls.ts';
import type { BlockEvent } from './block-event.ts';
import { CarSession } from './car-session.ts';
import { Gateway, type Source } from './gateway.ts';
import type { GatewayFault } from './gateway-fault.ts';
import { GatewayPool } from './gateway-pool.ts';
import { type GatewayReport, reportOf } from './gateway-report.ts';
import { PoolEntry } from './pool-entry.ts';

export interface GatewayOptions {
  /** Sources of this region are asked before others. */
  readonly region?: string | undefined;
  /** The longest silence of a source. Default: 10 s. */
  readonly idleMs?: number | undefined;
  /** Rounds over all sources before a block is given up. Default: 3. */
  readonly attempts?: number | undefined;
  readonly onBlock?: ((event: BlockEvent) => void) | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

/** Several gateways and nodes as one source. */
export interface Gateways extends BlockSource {
  /** What each gave and how it is, in the order of the sources. */
  report(): readonly GatewayReport[];
}

const maxRetryAfterMs = 60_000;

/**
 * Verified blocks from whichever source answers first: the fastest is asked, and one more when it is slower than it
 * usually is. A source that lied is not asked again.
 */
export function createGateways(sources: readonly Source[], options: GatewayOptions = {}): Gateways {
  return new GatewaySource(sources, options);
}

class GatewaySource implements Gateways {
  readonly verifies = true;
  readonly #pool: GatewayPool;
  readonly #attempts: number;
  readonly #clock: Clock;
  readonly #calls = new SharedCalls<Uint8Array>();

  constructor(sources: readonly Source[], options: GatewayOptions) {
    if (sources.length === 0)
      throw new RetrievalError('source-invalid', '"sources" expected at least one source, got none');
    const transport = options.transport ?? fetchTransport({ redirects: 'same-site' });
    const idleMs = limitOf('idleMs', options.idleMs, 10_000);
    this.#attempts = limitOf('attempts', options.attempts, 3, 1);
    this.#clock = options.clock ?? systemClock;
    this.#pool = new GatewayPool(
      sources.map((source) => new PoolEntry(new Gateway(source, transport, idleMs))),
      // A body that comes byte by byte is never silent.
      { region: options.region, legMs: 3 * idleMs, onBlock: options.onBlock, now: () => this.#clock.now() },
    );
  }

  block(cid: string, { signal, maxBytes }: BlockRequest): Promise<Uint8Array> {
    return this.#calls.run(`${maxBytes} ${cid}`, signal, (shared) =>
      this.#rounds(cid, { signal: shared, maxBytes }),
    );
  }

  session(root: string, request: BlockRequest): BlockSession | undefined {
    const first = this.#pool.first(root);
    return first?.gateway.format === 'car'
      ? new CarSession(this, this.#pool, first, root, request)
      : undefined;
  }

  report(): readonly GatewayReport[] {
    const now = this.#clock.now();
    return this.#pool.entries.map((entry) => reportOf(entry, now));
  }

  async #rounds(cid: string, request: BlockRequest): Promise<Uint8Array> {
    const faults = new Map<PoolEntry, GatewayFault>();
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.#pool.round(cid, request, faults);
      if (bytes !== undefined) return bytes;
      const again = [...faults.values()].filter((fault) => isPassing(fault, attempt));
      if (attempt >= this.#attempts || again.length === 0) throw exhausted(cid, this.#pool.entries, faults);
      const asked = Math.max(...again.map(({ retryAfterMs = 0 }) => retryAfterMs));
      await this.#clock.sleep(Math.min(maxRetryAfterMs, Math.max(asked, 250 * 2 ** attempt)), request.signal);
    }
  }
}

/** Who was silent twice stays silent. */
function isPassing({ kind }: GatewayFault, attempt: number): boolean {
  return kind === 'passing' || (kind === 'timeout' && attempt < 2);
}

function exhausted(
  cid: string,
  entries: readonly PoolEntry[],
  faults: ReadonlyMap<PoolEntry, GatewayFault>,
): RetrievalError {
  // In the order of the sources, whoever was asked first.
  const known = entries.flatMap((entry) => faults.get(entry) ?? []);
  const told = entries.flatMap((entry) => {
    const fault = faults.get(entry);
    return fault === undefined ? [] : `${entry.gateway.name} ${fault.message}`;
  });
  return new RetrievalError('sources-exhausted', `no source gave block ${cid}: ${told.join('; ')}`, {
    cause: known.length === 1 ? known[0] : new AggregateError(known),
    subject: cid,
  });
}
