import { type BackOff, delayBefore } from '../back-off.ts';
import type { Clock } from '../clock.ts';
import { PinningError } from '../pinning-error.ts';
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts';
import type { Endpoint } from './endpoint.ts';

export interface PoolOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backOff?: BackOff;
  readonly breaker?: BreakerOptions;
  /** The error for a caller's signal that ended. */
  readonly aborted: (signal: AbortSignal) => PinningError;
}

/** A round is one try of each endpoint that may be tried. */
const defaultBackOff: BackOff = { attempts: 3, firstMs: 250, longestMs: 5_000 };
/** Longer than that nobody sits waiting inside one call: it fails, and says when to come back. */
const longestRestMs = 60_000;

interface Place {
  readonly endpoint: Endpoint;
  readonly breaker: CircuitBreaker;
}

/** Several endpoints of the same service: the one that answered last is asked first, the others stand in. */
export class EndpointPool {
  readonly #options: PoolOptions;
  readonly #backOff: BackOff;
  #places: readonly Place[];

  constructor(endpoints: readonly Endpoint[], options: PoolOptions) {
    this.#options = options;
    this.#backOff = options.backOff ?? defaultBackOff;
    this.#places = endpoints.map((endpoint) => ({
      endpoint,
      breaker: new CircuitBreaker(options.clock, options.breaker),
    }));
  }

  /** Tries the endpoints in turn, in rounds with growing pauses. A refusal is final; a fault is passed over. */
  async run<T>(attempt: (endpoint: Endpoint) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const failures = new Map<Endpoint, PinningError>();
    for (let round = 1; ; round += 1) {
      for (const place of this.#places) {
        if (!place.breaker.admit()) continue;
        try {
          const value = await attempt(place.endpoint);
          this.#succeeded(place);
          return value;
        } catch (error) {
          if (signal?.aborted) {
            // That the caller's patience was over says nothing of the endpoint.
            place.breaker.released();
            throw this.#options.aborted(signal);
          }
          if (!this.#passedOver(place, error)) throw error;
          failures.set(place.endpoint, error);
        }
      }
      const known = [...failures.values()];
      const again = known.length === 0 || known.some((failure) => failure.retryable);
      const waitMs = Math.max(
        delayBefore(round, this.#backOff, this.#options.random),
        Math.min(...this.#places.map((place) => place.breaker.waitMs)),
      );
      if (!again || round >= this.#backOff.attempts || waitMs > longestRestMs) {
        throw this.#exhausted(known, waitMs);
      }
      await this.#pause(waitMs, signal);
    }
  }

  /** A fault that showed after the attempt had succeeded: in the middle of a stream. The next call asks another first. */
  report(endpoint: Endpoint, error: unknown): void {
    const place = this.#places.find((it) => it.endpoint === endpoint);
    if (!place || !this.#passedOver(place, error)) return;
    this.#places = [...this.#places.filter((it) => it !== place), place];
  }

  #succeeded(place: Place): void {
    place.breaker.succeeded();
    if (this.#places[0] !== place) {
      this.#places = [place, ...this.#places.filter((it) => it !== place)];
    }
  }

  /** Whether another endpoint may do better: an answer that is no sense is this endpoint's own fault. */
  #passedOver(place: Place, error: unknown): error is PinningError {
    const fault = error instanceof PinningError && (error.retryable || error.code === 'bad-response');
    if (fault) place.breaker.failed(error.retryAfterMs);
    else if (error instanceof PinningError && error.status !== undefined) place.breaker.succeeded();
    else place.breaker.released();
    return fault;
  }

  #exhausted(failures: readonly PinningError[], waitMs: number): PinningError {
    const [first] = failures;
    if (failures.length === 1 && first) return first;
    if (!first) {
      const labels = this.#places.map((place) => place.endpoint.label).join(', ');
      return new PinningError(
        'unavailable',
        `${labels}: left alone after failures, to be tried again in ${Math.ceil(waitMs / 1_000)} s`,
        { retryAfterMs: waitMs },
      );
    }
    const kind = failures.find((failure) => failure.retryable) ?? first;
    const causes = failures.map((failure) => failure.message).join('; ');
    return new PinningError(kind.code, `no endpoint could answer: ${causes}`, {
      cause: new AggregateError(failures, 'one failure for each endpoint'),
      ...(kind.retryAfterMs === undefined ? {} : { retryAfterMs: kind.retryAfterMs }),
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
