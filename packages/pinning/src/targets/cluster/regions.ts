import type { CallOptions } from '../../target/target.ts';
import type { ClusterClient } from './client.ts';

/** How long the regions of peers are not read again. */
const freshMs = 10_000;

/**
 * Each peer's region, from the tag that it publishes as a metric. Remembered after the metric has expired: a
 * peer that is down has not moved.
 */
export class Regions {
  readonly #client: ClusterClient;
  readonly #known = new Map<string, string>();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  async read(options: CallOptions): Promise<ReadonlyMap<string, string>> {
    const { clock } = this.#client.api;
    if (clock.now() - this.#readAt >= freshMs) {
      for (const metric of await this.#client.metrics('tag:region', options)) {
        if (metric.value !== '') this.#known.set(metric.peer, metric.value);
      }
      this.#readAt = clock.now();
    }
    return this.#known;
  }
}
