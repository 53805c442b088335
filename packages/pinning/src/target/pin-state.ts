/**
 * What one peer says of one CID; `absent` is `unpinned` or `remote`: no copy here. `refuted` is what a proof found: the peer says
 * `pinned`, and could not show its blocks.
 */
export type PeerState =
  | 'pinned'
  | 'refuted'
  | 'pinning'
  | 'queued'
  | 'unpinning'
  | 'error'
  | 'down'
  | 'absent';

export interface PeerCopy {
  readonly peer: string;
  /** The peer ID of the IPFS node that has the blocks, where the target tells it: readers find the content by that. */
  readonly node?: string;
  readonly name?: string;
  readonly region?: string;
  /** What it shares its fate with, such as one cluster of several. */
  readonly place?: string;
  /** It cannot be asked for a copy, or to give up its copy, alone: others made the pin there, for example. */
  readonly fixed?: boolean;
  readonly state: PeerState;
  /** The target's own word for the state, for example `pin_queued`. */
  readonly raw?: string;
  /** The target's own message, where it gave one. */
  readonly error?: string;
  readonly since?: string;
}

/** What a target wants and has of one CID. */
export interface PinState {
  readonly cid: string;
  /** What the target was asked to keep; absent where nobody asked. */
  readonly pin?: ExistingPin;
  /** What a target tells along with the copies, where it leaves out the whole `pin`. */
  readonly hint?: {
    readonly metadata?: Readonly<Record<string, string>>;
    readonly allocations?: readonly string[];
  };
  readonly peers: readonly PeerCopy[];
}

export interface ExistingPin {
  readonly name: string;
  /** -1 is "everywhere", the target's own convention. */
  readonly min: number;
  readonly max: number;
  readonly expires?: string;
  readonly origins: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The peers it is allocated to; empty where the target does not say. */
  readonly allocations: readonly string[];
}
