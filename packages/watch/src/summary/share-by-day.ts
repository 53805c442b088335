import type { DatasetHealth } from '../seen/observation.ts';

/** Of one day: milliseconds in each state. What is in none is unknown. */
export interface DayShare {
  readonly day: number;
  healthy: number;
  degraded: number;
  lost: number;
  /** The fewest copies seen. */
  least: number;
}

/** How one thing was, day by day. Days without anything known are not there. */
export class ShareByDay {
  readonly #days: DayShare[] = [];

  get days(): readonly DayShare[] {
    return this.#days;
  }

  add(day: number, state: DatasetHealth, ms: number, copies: number): void {
    const share = this.#of(day);
    share[state] += ms;
    share.least = Math.min(share.least, copies);
  }

  #of(day: number): DayShare {
    const last = this.#days.at(-1);
    if (last?.day === day) return last;
    const share = { day, healthy: 0, degraded: 0, lost: 0, least: Number.POSITIVE_INFINITY };
    this.#days.push(share);
    return share;
  }
}
