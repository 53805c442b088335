import type { Clock } from '@holdfast/http';
import type { CallOptions } from '../../target/target.ts';
import type { ClusterClient } from './client.ts';

/**
 * Each peer's region, from the tag that it publishes as a metric. Remembered after the metric has expired: a
 * peer that is down has not moved.
 */
export class Regions {
  readonly #client: ClusterClient;
  readonly #clock: Clock;
  readonly #tag: string;
  readonly #freshMs: number;
  readonly #known = new Map<string, string>();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(client: ClusterClient, clock: Clock, tag: string, freshMs: number) {
    this.#client = client;
    this.#clock = clock;
    this.#tag = tag;
    this.#freshMs = freshMs;
  }

  async read(options: CallOptions): Promise<ReadonlyMap<string, string>> {
    if (this.#clock.now() - this.#readAt >= this.#freshMs) {
      for (const metric of await this.#client.metrics(`tag:${this.#tag}`, options)) {
        if (metric.value !== '') this.#known.set(metric.peer, metric.value);
      }
      this.#readAt = this.#clock.now();
    }
    return this.#known;
  }
}
