import type { Clock } from './clock.ts';

/** The one end of all the work: the caller's signal, or the time allowed, whichever comes first. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #cancelled: AbortSignal | undefined;
  readonly #timer = new AbortController();
  readonly #stop = new AbortController();

  constructor(clock: Clock, ms: number | undefined, cancelled: AbortSignal | undefined) {
    this.#cancelled = cancelled;
    this.signal = AbortSignal.any([this.#timer.signal, ...(cancelled === undefined ? [] : [cancelled])]);
    if (ms !== undefined) {
      const passed = () => this.#timer.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError'));
      clock.sleep(ms, this.#stop.signal).then(passed, () => {});
    }
  }

  /** True when the time limit was reached, false when the caller cancelled. */
  get passed(): boolean {
    return this.#timer.signal.aborted;
  }

  get cancelled(): boolean {
    return this.#cancelled?.aborted === true;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}
