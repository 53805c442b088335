/** The last hundred measurements of one thing. */
export class LatencyWindow {
  readonly #size: number;
  readonly #samples: number[] = [];
  #sorted: readonly number[] | undefined;

  constructor(size = 100) {
    this.#size = size;
  }

  get count(): number {
    return this.#samples.length;
  }

  add(ms: number): void {
    this.#samples.push(ms);
    if (this.#samples.length > this.#size) this.#samples.shift();
    this.#sorted = undefined;
  }

  /** The value that this share of the samples does not exceed (nearest rank); undefined without samples. */
  percentile(share: number): number | undefined {
    this.#sorted ??= [...this.#samples].sort((a, b) => a - b);
    return this.#sorted[Math.max(0, Math.ceil(share * this.#sorted.length) - 1)];
  }
}
