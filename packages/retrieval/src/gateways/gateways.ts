import type { BlockRequest, BlockSession, BlockSource } from '@holdfast/content';
import { limitOf } from '@holdfast/content/internal';
import { type Clock, fetchTransport, systemClock, type Transport } from '@holdfast/http';
import { RetrievalError } from '../error.ts';
import { CarSession } from './car-session.ts';
import { Gateway, type Source } from './gateway.ts';
import { GatewayFault } from './gateway-fault.ts';

export interface GatewayOptions {
  /** The longest silence of a source. Default: 10 s. */
  readonly idleMs?: number | undefined;
  /** Rounds over all sources before a block is given up. Default: 3. */
  readonly attempts?: number | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

const maxRetryAfterMs = 60_000;

/** Verified blocks from the first of several sources that has them. */
export function createGateways(sources: readonly Source[], options: GatewayOptions = {}): BlockSource {
  return new Gateways(sources, options);
}

/** A source that lied once is not asked again. */
export class Gateways implements BlockSource {
  readonly verifies = true;
  readonly #gateways: Gateway[];
  readonly #attempts: number;
  readonly #clock: Clock;
  readonly #out = new Map<Gateway, string>();

  constructor(sources: readonly Source[], options: GatewayOptions) {
    if (sources.length === 0)
      throw new RetrievalError('source-invalid', '"sources" expected at least one source, got none');
    const transport = options.transport ?? fetchTransport({ redirects: 'same-site' });
    const idleMs = limitOf('idleMs', options.idleMs, 10_000);
    this.#gateways = sources.map((source) => new Gateway(source, transport, idleMs));
    this.#attempts = limitOf('attempts', options.attempts, 3, 1);
    this.#clock = options.clock ?? systemClock;
  }

  async block(cid: string, request: BlockRequest): Promise<Uint8Array> {
    const faults = new Map<Gateway, GatewayFault>();
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.#round(cid, request, faults);
      if (bytes !== undefined) return bytes;
      const passing = [...faults.values()].filter(({ kind }) => kind === 'passing' || kind === 'timeout');
      if (attempt >= this.#attempts || passing.length === 0) throw exhausted(cid, faults);
      const asked = Math.max(...passing.map(({ retryAfterMs = 0 }) => retryAfterMs));
      await this.#clock.sleep(Math.min(maxRetryAfterMs, Math.max(asked, 250 * 2 ** attempt)), request.signal);
    }
  }

  session(root: string, request: BlockRequest): BlockSession | undefined {
    const first = this.#gateways.find((each) => !this.#out.has(each));
    return first?.format === 'car' ? new CarSession(this, first, root, request) : undefined;
  }

  /** Takes a gateway out for good. */
  exclude(gateway: Gateway, why: string): void {
    this.#out.set(gateway, why);
  }

  async #round(
    cid: string,
    request: BlockRequest,
    faults: Map<Gateway, GatewayFault>,
  ): Promise<Uint8Array | undefined> {
    for (const gateway of [...this.#gateways]) {
      const out = this.#out.get(gateway);
      if (out !== undefined) {
        faults.set(gateway, new GatewayFault('final', out));
        continue;
      }
      if (faults.get(gateway)?.kind === 'absent') continue;
      try {
        return await gateway.block(cid, request);
      } catch (error) {
        request.signal.throwIfAborted();
        if (!(error instanceof GatewayFault)) throw error;
        faults.set(gateway, error);
        if (error.kind === 'final') this.exclude(gateway, error.message);
        else this.#demote(gateway);
      }
    }
    return undefined;
  }

  /** Blocks that follow are asked of the others first. */
  #demote(gateway: Gateway): void {
    const at = this.#gateways.indexOf(gateway);
    if (at >= 0) this.#gateways.push(...this.#gateways.splice(at, 1));
  }
}

function exhausted(cid: string, faults: ReadonlyMap<Gateway, GatewayFault>): RetrievalError {
  const told = [...faults].map(([gateway, { message }]) => `${gateway.name} ${message}`);
  const causes = [...faults.values()];
  return new RetrievalError('sources-exhausted', `no source gave block ${cid}: ${told.join('; ')}`, {
    cause: causes.length === 1 ? causes[0] : new AggregateError(causes),
    subject: cid,
  });
}
