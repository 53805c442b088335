import { LatencyWindow } from '../gateways/latency-window.ts';
import type { Sample } from './sla.ts';

/** A place that failed so often in a row is down; one success, and it is up. */
const failuresToDown = 3;
/** A day of samples, one a second. */
const maxSamples = 86_400;

/** What was seen of one place, as far back as a day. */
export class PlaceHistory {
  readonly #keepMs: number;
  readonly #latencies = new LatencyWindow(100);
  #samples: Sample[] = [];
  #failures = 0;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get state(): 'up' | 'failing' | 'down' | 'unknown' {
    if (this.#samples.length === 0) return 'unknown';
    if (this.#failures === 0) return 'up';
    return this.#failures < failuresToDown ? 'failing' : 'down';
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    const since = sample.at - this.#keepMs;
    const old = this.#samples.findIndex(({ at }) => at > since);
    const surplus = Math.max(old, this.#samples.length - maxSamples);
    if (surplus > 0) this.#samples = this.#samples.slice(surplus);
    this.#failures = sample.ok ? 0 : this.#failures + 1;
    if (sample.ok) this.#latencies.add(sample.ms);
  }

  /** Of the last hundred successes. */
  percentile(share: number): number | undefined {
    return this.#latencies.percentile(share);
  }
}
