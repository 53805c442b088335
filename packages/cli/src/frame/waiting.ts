import type { ProgressEvent } from './progress-event.ts';

/** Says what a command waits for while nothing else does. */
export interface Waiting {
  /** What is waited for from now on, for example `cluster at http://127.0.0.1:9094`. */
  on(what: string): void;
  over(): void;
}

const everyMs = 1_000;

export function waitingTo(show: (event: ProgressEvent) => void): Waiting {
  let timer: ReturnType<typeof setInterval> | undefined;
  const over = () => clearInterval(timer);
  return {
    over,
    on(what) {
      over();
      let done = 0;
      timer = setInterval(() => {
        done += everyMs / 1_000;
        show({ phase: 'waiting', done, unit: 'seconds', item: what });
      }, everyMs);
      // It never keeps the process alive.
      timer.unref();
    },
  };
}
