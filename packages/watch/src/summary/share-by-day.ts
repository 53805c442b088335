import type { DatasetHealth } from '../seen/observation.ts';

/** Of one day: milliseconds in each state. What is in none is unknown. */
export interface DayShare {
  readonly day: number;
  readonly healthy: number;
  readonly degraded: number;
  readonly lost: number;
  /** The fewest copies seen. */
  readonly least: number;
}

const width = 5;
const stateAt = { healthy: 1, degraded: 2, lost: 3 } as const;
const leastAt = 4;

/** How one thing was, day by day. Days without anything known are not there. */
export class ShareByDay {
  /** Day, milliseconds healthy, degraded and lost, fewest copies; again and again. Of 10,000 datasets that is a million days: objects would be twice the memory. */
  #values = new Float64Array(width);
  #length = 0;

  get days(): readonly DayShare[] {
    return Array.from({ length: this.#length }, (_, index) => {
      const [day = 0, healthy = 0, degraded = 0, lost = 0, least = 0] = this.#values.subarray(index * width);
      return { day, healthy, degraded, lost, least };
    });
  }

  add(day: number, state: DatasetHealth, ms: number, copies: number): void {
    const at = this.#placeOf(day);
    const values = this.#values;
    values[at + stateAt[state]] = (values[at + stateAt[state]] ?? 0) + ms;
    values[at + leastAt] = Math.min(values[at + leastAt] ?? copies, copies);
  }

  #placeOf(day: number): number {
    const last = (this.#length - 1) * width;
    if (this.#length > 0 && this.#values[last] === day) return last;
    const at = this.#length * width;
    if (at === this.#values.length) {
      const grown = new Float64Array(Math.ceil(this.#length * 1.5) * width + width);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[at] = day;
    this.#values[at + leastAt] = Number.POSITIVE_INFINITY;
    this.#length += 1;
    return at;
  }
}
