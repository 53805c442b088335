import { limitOf, parseCid } from '@holdfast/content/internal';
import { type Clock, fetchTransport, systemClock, type Transport } from '@holdfast/http';
import { RetrievalError } from '../error.ts';
import { Gateway, type Source } from '../gateways/gateway.ts';
import { type AvailabilityReport, type CopyState, placeReport, regionsOf } from './availability-report.ts';
import { PlaceHistory } from './place-history.ts';
import { type Sample, type SlaReport, slaOf } from './sla.ts';

export interface MonitorOptions {
  /** A CID whose block every place is asked for and whose bytes are hashed: that a place answers says nothing. */
  readonly sentinel: string;
  /** CIDs that each place is asked about without causing it to fetch them. */
  readonly cids?: readonly string[] | undefined;
  /** From the start of a round to that of the next. Default: a minute. */
  readonly intervalMs?: number | undefined;
  /** For one probe. Default: 5 s. */
  readonly timeoutMs?: number | undefined;
  /** The share of good rounds that is promised, and over how long. Default: 0.999 over 24 hours. */
  readonly sla?: { readonly target: number; readonly windowMs: number } | undefined;
  readonly onRound?: ((report: AvailabilityReport) => void) | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

const day = 86_400_000;
const maxBlockBytes = 2 * 1024 * 1024;

/** Looks at places on a schedule, or once for a workflow, and knows how they were. */
export interface Monitor {
  /** Begins rounds. A second call changes nothing. */
  start(): void;
  /** Ends them; resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** One round now. */
  round(signal?: AbortSignal): Promise<AvailabilityReport>;
  report(): AvailabilityReport;
  checkSla(target: number, windowMs: number): SlaReport;
}

export function createMonitor(sources: readonly Source[], options: MonitorOptions): Monitor {
  return new PlaceMonitor(sources, options);
}

interface Place {
  readonly gateway: Gateway;
  readonly history: PlaceHistory;
  readonly copies: Map<string, CopyState>;
}

class PlaceMonitor implements Monitor {
  readonly #places: readonly Place[];
  readonly #options: MonitorOptions;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #intervalMs: number;
  readonly #sla: { readonly target: number; readonly windowMs: number };
  readonly #rounds: PlaceHistory;
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(sources: readonly Source[], options: MonitorOptions) {
    if (sources.length === 0)
      throw new RetrievalError('source-invalid', '"sources" expected at least one source, got none');
    for (const cid of [options.sentinel, ...(options.cids ?? [])]) parseCid(cid);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = limitOf('timeoutMs', options.timeoutMs, 5_000, 1);
    this.#intervalMs = limitOf('intervalMs', options.intervalMs, 60_000, 1);
    this.#sla = options.sla ?? { target: 0.999, windowMs: day };
    slaOf([], this.#sla.target, this.#sla.windowMs, 0);
    const keepMs = Math.max(day, this.#sla.windowMs);
    this.#rounds = new PlaceHistory(keepMs);
    const transport = options.transport ?? fetchTransport({ redirects: 'same-site' });
    this.#places = sources.map((source) => ({
      gateway: new Gateway(source, transport, this.#timeoutMs),
      history: new PlaceHistory(keepMs),
      copies: new Map(),
    }));
  }

  start(): void {
    if (this.#running !== undefined) return;
    const stop = new AbortController();
    this.#running = { stop, ended: this.#loop(stop.signal) };
  }

  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
    this.#running = undefined;
  }

  async round(signal: AbortSignal = new AbortController().signal): Promise<AvailabilityReport> {
    const samples = await Promise.all(this.#places.map((place) => this.#look(place, signal)));
    const best = samples.filter(({ ok }) => ok).sort((a, b) => a.ms - b.ms)[0];
    this.#rounds.add({ at: this.#clock.now(), ok: best !== undefined, ms: best?.ms ?? this.#timeoutMs });
    const report = this.report();
    this.#options.onRound?.(report);
    return report;
  }

  report(): AvailabilityReport {
    const places = this.#places.map(({ gateway, history, copies }) => placeReport(gateway, history, copies));
    const { target, windowMs } = this.#sla;
    return {
      at: this.#clock.now(),
      places,
      regions: regionsOf(places),
      sla: this.checkSla(target, windowMs),
    };
  }

  checkSla(target: number, windowMs: number): SlaReport {
    return slaOf(this.#rounds.samples, target, windowMs, this.#clock.now());
  }

  async #loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const started = this.#clock.now();
      try {
        await this.round(signal);
        await this.#clock.sleep(Math.max(0, started + this.#intervalMs - this.#clock.now()), signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  async #look({ gateway, history, copies }: Place, signal: AbortSignal): Promise<Sample> {
    const started = performance.now();
    const seen = await this.#inTime(signal, (until) =>
      gateway.block(this.#options.sentinel, { signal: until, maxBytes: maxBlockBytes }),
    );
    const ms = performance.now() - started;
    const sample: Sample = { at: this.#clock.now(), ok: seen.fault === undefined, ms, fault: seen.fault };
    history.add(sample);
    for (const cid of this.#options.cids ?? []) {
      const asked = await this.#inTime(signal, (until) =>
        gateway.hasLocally(cid, { signal: until, maxBytes: maxBlockBytes }),
      );
      copies.set(cid, asked.value === undefined ? 'unknown' : asked.value ? 'here' : 'elsewhere');
    }
    return sample;
  }

  async #inTime<T>(
    signal: AbortSignal,
    work: (until: AbortSignal) => Promise<T>,
  ): Promise<{ readonly value?: T; readonly fault?: string }> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException(`no answer in ${this.#timeoutMs / 1000} s`, 'TimeoutError')),
      this.#timeoutMs,
    );
    try {
      return { value: await work(AbortSignal.any([signal, late.signal])) };
    } catch (error) {
      signal.throwIfAborted();
      return { fault: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
