import { type BackOff, delayBefore } from './back-off.ts';
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts';
import type { Clock } from './clock.ts';
import type { Endpoint } from './endpoint.ts';
import { HttpError } from './http-error.ts';

export interface PoolOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backOff?: BackOff | undefined;
  readonly breaker?: BreakerOptions | undefined;
  /** The error for a caller's signal that ended. */
  readonly aborted: (signal: AbortSignal) => HttpError;
}

/** A package that extends `HttpError` has codes of its own. */
type AnyError = HttpError<string>;

/** A round is one try of each endpoint that may be tried. */
const defaultBackOff: BackOff = { attempts: 3, firstMs: 250, longestMs: 5_000 };
/** Longer than that nobody sits waiting inside one call: it fails, and says when to come back. */
const longestRestMs = 60_000;

/** Faults of one endpoint that waiting does not end. */
const ownFaults: ReadonlySet<string> = new Set(['bad-response', 'wrong-address']);

interface PoolEntry {
  readonly endpoint: Endpoint;
  readonly breaker: CircuitBreaker;
}

/** Several endpoints of the same service: the one that answered last is asked first, the others stand in. */
export class EndpointPool {
  readonly #options: PoolOptions;
  readonly #backOff: BackOff;
  #entries: readonly PoolEntry[];

  constructor(endpoints: readonly Endpoint[], options: PoolOptions) {
    this.#options = options;
    this.#backOff = options.backOff ?? defaultBackOff;
    this.#entries = endpoints.map((endpoint) => ({
      endpoint,
      breaker: new CircuitBreaker(options.clock, options.breaker),
    }));
  }

  /**
   * Tries the endpoints in turn, in rounds with growing pauses. A refusal is final; a fault is passed over. With a `turn` that
   * is not 0 another one comes first, for this call alone.
   */
  async run<T>(
    attempt: (endpoint: Endpoint, round: number) => Promise<T>,
    signal?: AbortSignal,
    turn = 0,
  ): Promise<T> {
    const failures = new Map<Endpoint, AnyError>();
    for (let round = 1; ; round += 1) {
      for (const entry of rotated(this.#entries, turn)) {
        if (!entry.breaker.admit()) continue;
        try {
          const value = await attempt(entry.endpoint, round);
          this.#succeeded(entry, turn);
          return value;
        } catch (error) {
          if (signal?.aborted) {
            // A caller that stopped waiting says nothing about the endpoint.
            entry.breaker.released();
            throw this.#options.aborted(signal);
          }
          if (!this.#passedOver(entry, error)) throw error;
          failures.set(entry.endpoint, error);
        }
      }
      const known = [...failures.values()];
      const again = known.length === 0 || known.some((failure) => failure.retryable);
      const waitMs = Math.max(
        delayBefore(round, this.#backOff, this.#options.random),
        Math.min(...this.#entries.map((entry) => entry.breaker.waitMs)),
      );
      if (!again || round >= this.#backOff.attempts || waitMs > longestRestMs) {
        throw this.#exhausted(known, waitMs);
      }
      await this.#pause(waitMs, signal);
    }
  }

  /** A fault that showed after the attempt had succeeded: in the middle of a stream. The next call asks another endpoint first. */
  report(endpoint: Endpoint, error: unknown): void {
    const entry = this.#entries.find((it) => it.endpoint === endpoint);
    if (!entry || !this.#passedOver(entry, error)) return;
    this.#entries = [...this.#entries.filter((it) => it !== entry), entry];
  }

  #succeeded(entry: PoolEntry, turn: number): void {
    entry.breaker.succeeded();
    if (turn === 0 && this.#entries[0] !== entry) {
      this.#entries = [entry, ...this.#entries.filter((it) => it !== entry)];
    }
  }

  /** Whether another endpoint may do better: an answer that makes no sense is this endpoint's own fault. */
  #passedOver(entry: PoolEntry, error: unknown): error is AnyError {
    const fault = error instanceof HttpError && (error.retryable || ownFaults.has(error.code));
    if (fault) entry.breaker.failed(error.retryAfterMs);
    else if (error instanceof HttpError && error.status !== undefined) entry.breaker.succeeded();
    else entry.breaker.released();
    return fault;
  }

  #exhausted(failures: readonly AnyError[], waitMs: number): AnyError {
    const [first] = failures;
    if (failures.length === 1 && first) return first;
    if (!first) {
      const labels = this.#entries.map((entry) => entry.endpoint.label).join(', ');
      return new HttpError(
        'unavailable',
        `${labels}: paused after failures; retrying in ${Math.ceil(waitMs / 1_000)} s`,
        { retryAfterMs: waitMs },
      );
    }
    const kind = failures.find((failure) => failure.retryable) ?? first;
    const causes = failures.map((failure) => failure.message).join('; ');
    return new HttpError(kind.code, `no endpoint could answer: ${causes}`, {
      cause: new AggregateError(failures, 'one failure for each endpoint'),
      retryAfterMs: kind.retryAfterMs,
    });
  }

  async #pause(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, signal);
    } catch (error) {
      if (signal?.aborted) throw this.#options.aborted(signal);
      throw error;
    }
  }
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const from = by % items.length;
  return from === 0 ? items : [...items.slice(from), ...items.slice(0, from)];
}
