import { GatewayFault } from './gateway-fault.ts';

/** Somebody who can be asked, as far as a race has to know. */
export interface Runner {
  /** Before one more is asked: until the head, or for `length` bytes after it. */
  patienceMs(length?: number): number;
}

export interface Leg<R> {
  readonly runner: R;
  readonly signal: AbortSignal;
  /** Called when the answer begins and as it comes; `length` where it is known. */
  readonly onBytes: (received: number, length: number | undefined) => void;
}

export interface RaceOptions<R> {
  readonly signal: AbortSignal;
  /** The longest that one leg may take. */
  readonly legMs: number;
  /** How many are asked at once from the start. */
  readonly initial: number;
  /** Whether the next may be asked because one did not come on for so long. */
  readonly mayHedge: (slow: R, next: R, ms: number) => boolean;
  readonly onFault: (runner: R, fault: GatewayFault) => void;
  /** It was still running after `ms`, when one that was asked because of that was better. */
  readonly onLost: (runner: R, ms: number) => void;
}

export interface Won<R, T> {
  readonly runner: R;
  readonly value: T;
  /** It was asked because another was slow. */
  readonly hedged: boolean;
  readonly headMs: number;
  readonly bodyMs: number;
}

interface Running {
  readonly stop: AbortController;
  readonly started: number;
  readonly hedged: boolean;
  head: number | undefined;
  comes: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly limit: ReturnType<typeof setTimeout>;
}

/** What comes that far will come whole, and up to here two answers at once cost less than asking again. */
const enoughBytes = 65_536;

/**
 * Asks in turn until one answers: the next is asked when one fails, and when one is slower than it usually is. The others
 * are cut when one comes well, and may be asked again, once, should it not end well. Undefined: all failed.
 */
export function hedgedRace<R extends Runner, T>(
  runners: readonly R[],
  ask: (leg: Leg<R>) => Promise<T>,
  options: RaceOptions<R>,
): Promise<Won<R, T> | undefined> {
  return new Promise((resolve, reject) => {
    const race = new Race(runners, ask, options, (outcome) => {
      options.signal.removeEventListener('abort', abort);
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.won);
    });
    const abort = (): void => race.end({ error: options.signal.reason });
    if (options.signal.aborted) return abort();
    options.signal.addEventListener('abort', abort, { once: true });
    race.start();
  });
}

type Outcome<R, T> = { readonly won: Won<R, T> | undefined } | { readonly error: unknown };

class Race<R extends Runner, T> {
  readonly #waiting: R[];
  readonly #ask: (leg: Leg<R>) => Promise<T>;
  readonly #options: RaceOptions<R>;
  readonly #done: (outcome: Outcome<R, T>) => void;
  readonly #running = new Map<R, Running>();
  readonly #cut = new Set<R>();
  #ended = false;

  constructor(
    runners: readonly R[],
    ask: (leg: Leg<R>) => Promise<T>,
    options: RaceOptions<R>,
    done: (outcome: Outcome<R, T>) => void,
  ) {
    this.#waiting = [...runners];
    this.#ask = ask;
    this.#options = options;
    this.#done = done;
  }

  start(): void {
    for (let i = 0; i < Math.max(1, this.#options.initial); i++) this.#next(false);
    if (this.#running.size === 0) this.end({ won: undefined });
  }

  end(outcome: Outcome<R, T>): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const running of this.#running.values()) this.#release(running);
    this.#running.clear();
    this.#done(outcome);
  }

  #next(hedged: boolean): void {
    const runner = this.#waiting.shift();
    if (runner === undefined || this.#ended) return;
    const stop = new AbortController();
    const late = (): void =>
      stop.abort(new GatewayFault('timeout', `no whole answer in ${this.#options.legMs / 1000} s`));
    const limit = setTimeout(late, this.#options.legMs);
    const running: Running = {
      stop,
      started: performance.now(),
      hedged,
      head: undefined,
      comes: false,
      timer: undefined,
      limit,
    };
    this.#running.set(runner, running);
    this.#arm(runner, running, runner.patienceMs());
    const onBytes = (received: number, length: number | undefined): void =>
      this.#comes(runner, running, received, length);
    this.#ask({ runner, signal: stop.signal, onBytes }).then(
      (value) => this.#won(runner, running, value),
      (error: unknown) => this.#failed(runner, running, error),
    );
  }

  #arm(runner: R, running: Running, ms: number): void {
    clearTimeout(running.timer);
    running.timer = setTimeout(() => {
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (this.#options.mayHedge(runner, next, performance.now() - running.started)) this.#next(true);
      else this.#arm(runner, running, ms);
    }, ms);
  }

  #comes(runner: R, running: Running, received: number, length: number | undefined): void {
    if (this.#running.get(runner) !== running) return;
    if (running.head === undefined) {
      running.head = performance.now();
      this.#arm(runner, running, runner.patienceMs(length ?? enoughBytes));
    }
    if (received < enoughBytes || running.comes) return;
    running.comes = true;
    for (const [other, each] of [...this.#running]) {
      if (each.comes || this.#cut.has(other)) continue;
      this.#cut.add(other);
      this.#waiting.push(other);
      this.#running.delete(other);
      this.#release(each);
      this.#noteLost(running, other, each);
    }
  }

  #noteLost(better: Running, runner: R, running: Running): void {
    if (better.hedged && running.started < better.started)
      this.#options.onLost(runner, performance.now() - running.started);
  }

  #won(runner: R, running: Running, value: T): void {
    if (this.#running.get(runner) !== running) return;
    this.#running.delete(runner);
    this.#release(running);
    const now = performance.now();
    const head = running.head ?? now;
    for (const [other, each] of this.#running) this.#noteLost(running, other, each);
    this.end({
      won: { runner, value, hedged: running.hedged, headMs: head - running.started, bodyMs: now - head },
    });
  }

  #failed(runner: R, running: Running, error: unknown): void {
    if (this.#running.get(runner) !== running) return;
    this.#running.delete(runner);
    this.#release(running);
    if (!(error instanceof GatewayFault)) {
      this.end({ error });
      return;
    }
    this.#options.onFault(runner, error);
    this.#next(false);
    if (this.#running.size === 0) this.end({ won: undefined });
  }

  #release({ stop, timer, limit }: Running): void {
    clearTimeout(timer);
    clearTimeout(limit);
    stop.abort();
  }
}
