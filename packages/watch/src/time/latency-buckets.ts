/** How long things took, as counts in buckets that grow by a tenth: they can be added up, and a percentile is right to 5 %. */
export class LatencyBuckets {
  readonly #counts = new Map<number, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number, times = 1): void {
    this.addBucket(bucketOf(ms), times);
  }

  addBucket(bucket: number, times: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + times);
    this.#count += times;
  }

  entries(): [number, number][] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** Milliseconds that this share did not exceed; undefined without samples. */
  percentile(share: number): number | undefined {
    let left = Math.ceil(share * this.#count);
    for (const [bucket, times] of this.entries()) {
      left -= times;
      if (left <= 0) return Math.round(middleOf(bucket) * 10) / 10;
    }
    return undefined;
  }
}

const growth = Math.log(1.1);
const leastMs = 0.1;

function bucketOf(ms: number): number {
  return ms <= leastMs ? 0 : Math.round(Math.log(ms / leastMs) / growth);
}

function middleOf(bucket: number): number {
  return leastMs * Math.exp(bucket * growth);
}
