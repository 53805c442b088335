import { dayMs, dayOf, dayText } from '../time/day.ts';
import type { DayShare } from './share-by-day.ts';

/** Shares of a stretch of time, from 0 to 1. What is in none of them is unknown: nobody looked. */
export interface Shares {
  readonly healthy: number;
  readonly degraded: number;
  readonly lost: number;
  readonly unknown: number;
}

export interface DaySummary extends Shares {
  /** For example `2026-11-26`. */
  readonly date: string;
}

/** Days of a summary. Most are like those of other datasets: one object stands for all of these. */
export class Days {
  readonly #first: number;
  readonly #at: number;
  readonly #known = new Map<string, DaySummary>();

  constructor(first: number, at: number) {
    this.#first = first;
    this.#at = at;
  }

  /** The share of each day; of today, of what has passed of it. */
  of(known: readonly DayShare[]): DaySummary[] {
    const days: DaySummary[] = [];
    let next = 0;
    for (let day = this.#first; day <= dayOf(this.#at); day++) {
      while ((known[next]?.day ?? day) < day) next += 1;
      days.push(this.#day(day, known[next]?.day === day ? known[next] : undefined));
    }
    return days;
  }

  #day(day: number, share: DayShare | undefined): DaySummary {
    const key = share === undefined ? `${day}` : `${day} ${share.healthy} ${share.degraded} ${share.lost}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const length = Math.max(1, Math.min(dayMs, this.#at - day * dayMs));
    const [healthy = 0, degraded = 0, lost = 0] = [share?.healthy, share?.degraded, share?.lost].map(
      (ms) => (ms ?? 0) / length,
    );
    const unknown = Math.max(0, 1 - healthy - degraded - lost);
    const made = { date: dayText(day), healthy, degraded, lost, unknown };
    this.#known.set(key, made);
    return made;
  }
}
