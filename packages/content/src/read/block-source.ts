/**
 * A place that gives blocks by their CIDs: gateways, a node, a folder, a cache, peers. It is trusted with nothing:
 * every block is hashed before it is used.
 */
export interface BlockSource {
  /** The bytes of one block. A source that cannot give them throws. */
  block(cid: string, request: BlockRequest): Promise<Uint8Array>;
  /**
   * Opens a file of several blocks, which are then asked for depth first, one at a time: one CAR can answer all of
   * them. Without it, or where it gives undefined, they are asked for several at once.
   */
  session?(root: string, request: BlockRequest): BlockSession | undefined;
  /** True where the source itself hashes what it gives; the reader does not hash again. */
  readonly verifies?: boolean | undefined;
}

export interface BlockRequest {
  readonly signal: AbortSignal;
  /** The most that a block may have. */
  readonly maxBytes: number;
}

export interface BlockSession {
  block(cid: string): Promise<Uint8Array>;
  close(): Promise<void>;
}
