import type { PinRequest, PinTarget } from '@holdfast/pinning';
import type { Source } from '@holdfast/retrieval';
import {
  type Alert,
  alertsBetween,
  type Incident,
  type Observation,
  type SeenProofs,
  type Summary,
  summarize,
  watchRound,
} from '@holdfast/watch';
import type { History } from '@holdfast/watch/node';

export interface WatcherOptions {
  readonly target: PinTarget;
  readonly history: History;
  readonly places: readonly Source[];
  readonly everyMs: number;
  readonly limitMs: number;
  readonly clock: () => number;
  /** What is wanted now: read anew for each round, since a merge may change it. */
  readonly requests: () => Promise<readonly PinRequest[]>;
  /** Asks copies to show themselves before they are counted; `target` is then the target as they could. */
  readonly prove?: ((cids: readonly string[]) => Promise<SeenProofs>) | undefined;
  readonly alert: (alert: Alert) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface Round {
  readonly seen: Observation;
  readonly summary: Summary;
  readonly alerts: readonly Alert[];
}

/** One round: look, write down, sum up, and tell what opened or closed by it. */
export class Watcher {
  readonly #options: WatcherOptions;
  #before: readonly Incident[] | undefined;
  #compactedOn = '';

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  async round(): Promise<Round> {
    const { target, history, places, everyMs, limitMs, clock, prove, signal } = this.#options;
    this.#before ??= (await this.#summary()).incidents;
    const requests = await this.#options.requests();
    const seen = await watchRound({ target, places, everyMs, limitMs, clock, prove, signal, requests });
    await history.append(seen);
    await this.#compact();
    const summary = await this.#summary();
    const alerts = alertsBetween(this.#before, summary.incidents);
    this.#before = summary.incidents;
    for (const alert of alerts) await this.#options.alert(alert);
    return { seen, summary, alerts };
  }

  #summary(): Promise<Summary> {
    return summarize(this.#options.history.lines(), { at: this.#options.clock() });
  }

  /** Once a day: it is only ever about months that ended long ago. */
  async #compact(): Promise<void> {
    const at = this.#options.clock();
    const today = new Date(at).toISOString().slice(0, 10);
    if (today === this.#compactedOn) return;
    this.#compactedOn = today;
    await this.#options.history.compact(at);
  }
}
