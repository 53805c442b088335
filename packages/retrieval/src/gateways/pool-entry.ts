import type { Gateway } from './gateway.ts';
import type { GatewayFault } from './gateway-fault.ts';
import { LatencyWindow } from './latency-window.ts';

/** A place that failed is asked last for so long. */
const placeFailureMs = 30_000;
/** A place that did not have a CID is not asked for it again for so long. */
const absenceMs = 300_000;
const maxAbsences = 10_000;
/** How long a gateway that was never measured may take before one more is asked. */
const coldPatienceMs = 150;
const leastPatienceMs = 30;
const mostPatienceMs = 2_000;
/** Bytes a millisecond below which a gateway that was never measured counts as slow: 1 MB/s. */
const coldRate = 1_000;

export type EntryState = 'ok' | 'unmeasured' | 'lacking' | 'failing' | 'excluded';

/** One gateway with what is known of it. Times are milliseconds of one clock. */
export class PoolEntry {
  readonly gateway: Gateway;
  readonly heads = new LatencyWindow();
  readonly #rates = new LatencyWindow();
  readonly #absent = new Map<string, { readonly until: number; readonly fault: GatewayFault }>();
  #excluded: GatewayFault | undefined;
  #failingUntil = 0;
  #restUntil = 0;
  #lacking = false;
  blocks = 0;
  bytes = 0;
  faults = 0;
  lastFault: string | undefined;

  constructor(gateway: Gateway) {
    this.gateway = gateway;
  }

  state(now: number): EntryState {
    if (this.#excluded !== undefined) return 'excluded';
    if (now < this.#failingUntil) return 'failing';
    if (this.#lacking) return 'lacking';
    return this.heads.count === 0 ? 'unmeasured' : 'ok';
  }

  /** Why it is not to be asked for this CID at all. */
  barred(cid: string, now: number): GatewayFault | undefined {
    if (this.#excluded !== undefined) return this.#excluded;
    const absence = this.#absent.get(cid);
    if (absence === undefined || absence.until > now) return absence?.fault;
    this.#absent.delete(cid);
    return undefined;
  }

  /** It asked to be left alone. */
  isResting(now: number): boolean {
    return now < this.#restUntil;
  }

  /** How long to wait for its head, or for `length` bytes after it, before one more gateway is asked. */
  patienceMs(length?: number): number {
    if (length !== undefined) {
      const rate = this.#rates.percentile(0.1) ?? coldRate;
      return leastPatienceMs + (2 * length) / Math.max(rate, 1);
    }
    const p95 = this.heads.percentile(0.95);
    if (p95 === undefined) return coldPatienceMs;
    return Math.min(mostPatienceMs, Math.max(leastPatienceMs, 1.5 * p95));
  }

  gave(bytes: number, headMs: number, bodyMs: number): void {
    this.#failingUntil = 0;
    this.#lacking = false;
    this.blocks += 1;
    this.bytes += bytes;
    this.heads.add(headMs);
    // The time of a few bytes is the time of a packet.
    if (bytes >= 65_536) this.#rates.add(bytes / Math.max(bodyMs, 0.1));
  }

  /** Another gave the block first: it takes at least that long. */
  lost(ms: number, now: number): void {
    this.heads.add(ms);
    this.#failingUntil = now + placeFailureMs;
  }

  failed(cid: string, fault: GatewayFault, now: number): void {
    this.faults += 1;
    this.lastFault = fault.message;
    if (fault.kind === 'final') this.#excluded = fault;
    else if (fault.kind === 'absent') {
      this.#lacking = true;
      this.#absent.set(cid, { until: now + absenceMs, fault });
      const [oldest] = this.#absent.keys();
      if (this.#absent.size > maxAbsences && oldest !== undefined) this.#absent.delete(oldest);
    } else {
      this.#failingUntil = now + placeFailureMs;
      // A later fault that says nothing of a rest does not end the one that was asked for.
      this.#restUntil = Math.max(this.#restUntil, now + (fault.retryAfterMs ?? 0));
    }
  }
}
