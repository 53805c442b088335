import type { Clock } from './clock.ts';
import type { Endpoint } from './endpoint.ts';

/** A machine that does other things answers within that. */
const leastMs = 4_000;
/** How much longer than its slowest answer so far an endpoint may take. */
const slack = 4;

/** How long an endpoint may be silent while another one stands by: by its own answer times, and longer each round. */
export class Patience {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #others: boolean;
  readonly #slowest = new Map<Endpoint, number>();

  constructor(clock: Clock, idleMs: number, endpoints: readonly Endpoint[]) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#others = endpoints.length > 1;
  }

  for(endpoint: Endpoint, round: number): number {
    if (!this.#others) return this.#idleMs;
    const usual = Math.max(leastMs, slack * (this.#slowest.get(endpoint) ?? 0));
    return Math.min(this.#idleMs, usual * 3 ** (round - 1));
  }

  /** Starts to measure; the function it gives ends that. */
  measure(endpoint: Endpoint): () => void {
    const began = this.#clock.now();
    return () => {
      const took = this.#clock.now() - began;
      this.#slowest.set(endpoint, Math.max(took, this.#slowest.get(endpoint) ?? 0));
    };
  }
}
