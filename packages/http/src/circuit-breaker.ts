import type { Clock } from './clock.ts';

export interface BreakerOptions {
  /** Failures in a row after which an endpoint is paused. Default: 3. */
  readonly threshold?: number | undefined;
  /** The first pause, doubled each time up to `maxOpenMs`. Default: 1,000 and 30,000. */
  readonly openMs?: number | undefined;
  readonly maxOpenMs?: number | undefined;
  /** The longest pause that an endpoint may ask for; what it asks beyond is taken for an error. Default: an hour. */
  readonly maxRestMs?: number | undefined;
}

/** Pauses an endpoint that keeps failing, then tries it with a single call. */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #threshold: number;
  readonly #openMs: number;
  readonly #maxOpenMs: number;
  readonly #maxRestMs: number;
  #failures = 0;
  #opened = 0;
  #openUntil = 0;
  #probing = false;

  constructor(clock: Clock, options: BreakerOptions = {}) {
    this.#clock = clock;
    this.#threshold = options.threshold ?? 3;
    this.#openMs = options.openMs ?? 1_000;
    this.#maxOpenMs = options.maxOpenMs ?? 30_000;
    this.#maxRestMs = options.maxRestMs ?? 3_600_000;
  }

  /** Milliseconds until the endpoint may be tried; 0 for now. */
  get waitMs(): number {
    return Math.max(0, this.#openUntil - this.#clock.now());
  }

  /** Whether a call may be made now; who gets true must report how it went. */
  admit(): boolean {
    if (this.waitMs > 0 || this.#probing) return false;
    if (this.#opened > 0) this.#probing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#openUntil = 0;
    this.#probing = false;
  }

  /** `restMs`: the pause that the endpoint itself asked for. */
  failed(restMs = 0): void {
    this.#failures += 1;
    if (this.#probing || this.#failures === this.#threshold) {
      const openMs = Math.min(this.#openMs * 2 ** this.#opened, this.#maxOpenMs);
      this.#opened += 1;
      this.#openUntil = this.#clock.now() + openMs;
    }
    this.#openUntil = Math.max(this.#openUntil, this.#clock.now() + Math.min(restMs, this.#maxRestMs));
    this.#probing = false;
  }

  /** The call ended without saying anything about the endpoint. */
  released(): void {
    this.#probing = false;
  }
}
