/**
 * For the status of each CID, the peer that is asked opens a stream to every other peer, all of a request at once.
 * libp2p allows it some hundreds that are being opened (256 where there is little memory). Above that it calls
 * every peer unreachable, and after bursts of a thousand it was seen to do so until it was started again.
 */
const mostStreams = 200;

/** Keeps the status requests of one target below what a peer can open streams for. */
export class StreamBudget {
  #open = 0;
  #others = 2;
  #waiting: (() => void)[] = [];

  /** CIDs to ask about in one request. */
  get mostCids(): number {
    return Math.max(1, Math.floor(mostStreams / this.#others));
  }

  /** How many peers told of a CID, which is how many there are. */
  sawPeers(count: number): void {
    this.#others = Math.max(1, count - 1);
  }

  /** Does the work when there is room for its streams. */
  async spend<T>(cids: number, work: () => Promise<T>): Promise<T> {
    const streams = cids * this.#others;
    while (this.#open > 0 && this.#open + streams > mostStreams) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#open += streams;
    try {
      return await work();
    } finally {
      this.#open -= streams;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}
