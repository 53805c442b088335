import type { Clock } from '../src/clock.ts';

/** Time that passes only by sleeping, and then at once. */
export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  #running = false;

  constructor(now = Date.parse('2026-11-21T06:30:00Z')) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) this.#sleepers.splice(index, 1);
        reject(signal.reason);
      });
      this.#run();
    });
  }

  /** Wakes the next sleeper once everything else that can run has run. */
  #run(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => {
      this.#running = false;
      const next = this.#sleepers.sort((a, b) => a.until - b.until).shift();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      if (this.#sleepers.length > 0) this.#run();
    });
  }
}
