/** What a run may read from all copies together. */
export class ReadBudget {
  readonly #bytes: number;
  #spent = 0;

  constructor(bytes: number) {
    if (!(bytes > 0)) throw new RangeError(`bytes expected a number above 0, got ${bytes}`);
    this.#bytes = bytes;
  }

  get left(): number {
    return Math.max(0, this.#bytes - this.#spent);
  }

  get spent(): number {
    return this.#spent;
  }

  spend(bytes: number): void {
    this.#spent += bytes;
  }
}
