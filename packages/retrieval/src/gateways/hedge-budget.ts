/** Keeps hedges to a tenth of the requests, so that a slow hour does not double the load on everybody. */
export class HedgeBudget {
  #tokens = 2;

  request(): void {
    this.#tokens = Math.min(10, this.#tokens + 0.1);
  }

  /** Takes a hedge, where there is one left. */
  hedge(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
