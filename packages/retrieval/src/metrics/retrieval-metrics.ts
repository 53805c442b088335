import { LatencyWindow } from '../gateways/latency-window.ts';

export interface MetricTargets {
  readonly p95Ms: number;
  readonly meanMs: number;
  /** A share. */
  readonly hitRate: number;
}

export interface MetricsReport {
  readonly requests: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly meanMs: number | undefined;
  /** Undefined where no cache was asked. */
  readonly hitRate: number | undefined;
  readonly targets: MetricTargets;
  /** What is measured and misses its target. */
  readonly missed: readonly (keyof MetricTargets)[];
}

const defaultTargets: MetricTargets = { p95Ms: 2_000, meanMs: 500, hitRate: 0.5 };

/** Latencies of blocks and hits of caches, held against targets. Give `onBlock` to `createGateways`. */
export class RetrievalMetrics {
  readonly #targets: MetricTargets;
  readonly #latencies = new LatencyWindow(10_000);
  readonly #cache: { readonly hits: number; readonly misses: number } | undefined;
  #count = 0;
  #sum = 0;

  constructor(
    options: {
      readonly targets?: Partial<MetricTargets> | undefined;
      /** A `cachedSource`. */
      readonly cache?: { readonly hits: number; readonly misses: number } | undefined;
    } = {},
  ) {
    this.#targets = { ...defaultTargets, ...options.targets };
    this.#cache = options.cache;
  }

  readonly onBlock = ({ ms }: { readonly ms: number }): void => {
    this.#latencies.add(ms);
    this.#count += 1;
    this.#sum += ms;
  };

  report(): MetricsReport {
    const asked = this.#cache === undefined ? 0 : this.#cache.hits + this.#cache.misses;
    const p95Ms = this.#latencies.percentile(0.95);
    const meanMs = this.#count === 0 ? undefined : this.#sum / this.#count;
    const hitRate = asked === 0 || this.#cache === undefined ? undefined : this.#cache.hits / asked;
    const targets = this.#targets;
    const missed: (keyof MetricTargets)[] = [];
    if (p95Ms !== undefined && p95Ms >= targets.p95Ms) missed.push('p95Ms');
    if (meanMs !== undefined && meanMs >= targets.meanMs) missed.push('meanMs');
    if (hitRate !== undefined && hitRate <= targets.hitRate) missed.push('hitRate');
    return {
      requests: this.#count,
      p50Ms: this.#latencies.percentile(0.5),
      p95Ms,
      p99Ms: this.#latencies.percentile(0.99),
      meanMs,
      hitRate,
      targets,
      missed,
    };
  }

  /** Prometheus's text format, version 0.0.4. */
  prometheus(): string {
    const { p50Ms, p95Ms, p99Ms, requests } = this.report();
    const seconds = (ms: number | undefined): string => (ms === undefined ? 'NaN' : `${ms / 1000}`);
    return [
      '# HELP holdfast_retrieval_block_seconds From asking for a block to its last byte.',
      '# TYPE holdfast_retrieval_block_seconds summary',
      `holdfast_retrieval_block_seconds{quantile="0.5"} ${seconds(p50Ms)}`,
      `holdfast_retrieval_block_seconds{quantile="0.95"} ${seconds(p95Ms)}`,
      `holdfast_retrieval_block_seconds{quantile="0.99"} ${seconds(p99Ms)}`,
      `holdfast_retrieval_block_seconds_sum ${this.#sum / 1000}`,
      `holdfast_retrieval_block_seconds_count ${requests}`,
      ...(this.#cache === undefined
        ? []
        : [
            '# HELP holdfast_retrieval_cache_requests_total Blocks asked of the cache.',
            '# TYPE holdfast_retrieval_cache_requests_total counter',
            `holdfast_retrieval_cache_requests_total{result="hit"} ${this.#cache.hits}`,
            `holdfast_retrieval_cache_requests_total{result="miss"} ${this.#cache.misses}`,
          ]),
      '',
    ].join('\n');
  }
}
