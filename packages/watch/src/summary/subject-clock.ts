import type { DatasetHealth } from '../seen/observation.ts';
import { ShareByDay } from './share-by-day.ts';

/** One dataset or peer: what it is, and since when on the clock of known time. */
interface Subject {
  state: DatasetHealth;
  copies: number;
  since: number;
  readonly shares: ShareByDay;
}

/**
 * Time in each state for many subjects, at a cost by what changes: known time runs once for all of them, and a subject is
 * settled only when it changes and at the end of a day.
 */
export class SubjectClock {
  readonly #subjects = new Map<string, Subject>();
  readonly #shares = new Map<string, ShareByDay>();
  #known = 0;
  #day = Number.NEGATIVE_INFINITY;

  get shares(): ReadonlyMap<string, ShareByDay> {
    return this.#shares;
  }

  set(id: string, state: DatasetHealth, copies: number): void {
    const subject = this.#subjects.get(id);
    if (subject === undefined) {
      this.#subjects.set(id, { state, copies, since: this.#known, shares: this.#sharesOf(id) });
      return;
    }
    if (subject.state === state && subject.copies === copies) return;
    this.#settle(subject);
    subject.state = state;
    subject.copies = copies;
  }

  remove(id: string): void {
    const subject = this.#subjects.get(id);
    if (subject === undefined) return;
    this.#settle(subject);
    this.#subjects.delete(id);
  }

  /** Known time goes on, for all at once; those named in `apart` were counted by the caller. */
  run(day: number, ms: number, apart: Iterable<string> = []): void {
    if (day !== this.#day) {
      this.settleAll();
      this.#day = day;
    }
    for (const id of apart) this.#settleOf(id);
    this.#known += ms;
    for (const id of apart) {
      const subject = this.#subjects.get(id);
      if (subject !== undefined) subject.since = this.#known;
    }
  }

  /** Time that was counted elsewhere, as in an hour of which only the sums are left. */
  addApart(id: string, day: number, state: DatasetHealth, ms: number, copies: number): void {
    // It may have come and gone within that hour.
    if (ms > 0) this.#sharesOf(id).add(day, state, ms, copies);
  }

  #sharesOf(id: string): ShareByDay {
    const shares = this.#shares.get(id) ?? new ShareByDay();
    this.#shares.set(id, shares);
    return shares;
  }

  settleAll(): void {
    for (const subject of this.#subjects.values()) this.#settle(subject);
  }

  #settleOf(id: string): void {
    const subject = this.#subjects.get(id);
    if (subject !== undefined) this.#settle(subject);
  }

  #settle(subject: Subject): void {
    const ms = this.#known - subject.since;
    subject.since = this.#known;
    if (ms > 0) subject.shares.add(this.#day, subject.state, ms, subject.copies);
  }
}
