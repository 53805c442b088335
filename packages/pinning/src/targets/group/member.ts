import { CircuitBreaker, type Clock } from '@holdfast/http';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions, PinTarget } from '../../target/target.ts';

/** One target of a group. */
export interface GroupMember {
  /** Short, without "/" and spaces: its peers are called by it. */
  readonly name: string;
  readonly target: PinTarget;
  /** The region of its peers that have none of their own. */
  readonly region?: string | undefined;
}

/** What a request asks wrongly, or cannot have, says nothing about whether its target works. */
const aboutTheRequest: ReadonlySet<string> = new Set([
  'invalid',
  'not-enough-peers',
  'not-found',
  'unsupported',
]);
/** What failed soon is tried again at once. Who waited for a time-out waits no second time. */
const soonMs = 2_000;
const hiccupMs = 250;
/** For so long a member that failed is passed over, then for twice as long each time. */
const firstPauseMs = 30_000;
const longestPauseMs = 600_000;

/** A member that fails is passed over until its pause is over, so that it costs a run one wait, not one for each pin. */
export class Member {
  readonly name: string;
  readonly target: PinTarget;
  readonly region: string | undefined;
  readonly #clock: Clock;
  readonly #breaker: CircuitBreaker;
  #failure: PinningError | undefined;

  constructor({ name, target, region }: GroupMember, clock: Clock) {
    if (!/^[^\s/]+$/.test(name))
      throw new PinningError('invalid', `members expected names without "/" and spaces, got "${name}"`);
    this.name = name;
    this.target = target;
    this.region = region;
    this.#clock = clock;
    this.#breaker = new CircuitBreaker(clock, {
      threshold: 1,
      openMs: firstPauseMs,
      maxOpenMs: longestPauseMs,
    });
  }

  /** Fails at once while the member is passed over. */
  async call<T>({ signal }: CallOptions, run: () => Promise<T>): Promise<T> {
    if (!this.#breaker.admit())
      throw this.#failure ?? new PinningError('unavailable', 'another call tries whether it is back');
    try {
      const value = await this.#run(signal, run);
      this.#breaker.succeeded();
      this.#failure = undefined;
      return value;
    } catch (error) {
      if (!(error instanceof PinningError) || signal?.aborted || error.code === 'aborted') {
        this.#breaker.released();
        throw error;
      }
      if (aboutTheRequest.has(error.code)) this.#breaker.succeeded();
      else {
        this.#failure = error;
        this.#breaker.failed();
      }
      throw error;
    }
  }

  async #run<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    const began = this.#clock.now();
    try {
      return await run();
    } catch (error) {
      const isHiccup = error instanceof PinningError && error.retryable && this.#clock.now() - began < soonMs;
      if (!isHiccup || signal?.aborted) throw error;
      await this.#clock.sleep(hiccupMs, signal).catch(() => {
        throw error;
      });
      return await run();
    }
  }

  /** The name of a peer of this member in the group. */
  outer(peer: string): string {
    return `${this.name}/${peer}`;
  }

  /** The name of one of its peers as the member knows it; undefined for a peer of another. */
  inner(peer: string): string | undefined {
    return peer.startsWith(`${this.name}/`) ? peer.slice(this.name.length + 1) : undefined;
  }
}
