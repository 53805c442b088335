import type { ExistingPin, PinState } from './pin-state.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Which of the target's ways in is tried first, from 0 to `turns` - 1. Default: the one that answered last. */
  readonly turn?: number | undefined;
}

export interface ObserveOptions extends CallOptions {
  /**
   * `copies` is for polling: who holds what, in as few requests as the target can; `pin` is left out where
   * it would cost more requests. `pin` is what was asked for alone: `peers` may be left empty. `all`, the
   * default, has both.
   */
  readonly detail?: 'all' | 'copies' | 'pin' | undefined;
}

/** A place that keeps copies. The seam every target implements and one compliance suite proves. */
export interface PinTarget {
  /** For people and logs; never holds a credential. */
  readonly label: string;
  /** How many ways in it has, each of which may know something else for a while. Default: 1. */
  readonly turns?: number | undefined;
  /** What it is made of now: peers, regions, free space. Fails when the target can't be used. */
  inspect(options?: CallOptions): Promise<TargetInfo>;
  /** The state of the CIDs given, one for each, in any order; of all the target keeps without `cids`. */
  observe(cids?: readonly string[], options?: ObserveOptions): AsyncIterable<PinState>;
  /** Ask for the pin exactly as given: what is not in it is lost. Idempotent. Returns once accepted. */
  pin(cid: string, pin: WantedPin, options?: CallOptions): Promise<void>;
  /** Idempotent: what is not pinned is fine. */
  unpin(cid: string, options?: CallOptions): Promise<void>;
  /** Try again what failed, where the target knows how. */
  recover(cid: string, options?: CallOptions): Promise<void>;
  /**
   * The bytes that one peer has for a block, right or wrong, without looking anywhere else; undefined where it has none.
   * Where a target cannot ask that, its peers' `swarm` is asked.
   */
  readBlock?(peer: string, cid: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /**
   * Makes one peer get again what its copy lacks, and waits for it. `left` is what the target cannot repair, and what a person
   * can do; the pin stays as it is.
   */
  repair?(cid: string, copy: LostBlocks, options?: CallOptions): Promise<RepairReport>;
}

/** What a peer could not show of a copy. */
export interface LostBlocks {
  readonly peer: string;
  /** Blocks that it says it does not have. */
  readonly missing: readonly string[];
  /** Blocks for which it gives other bytes. */
  readonly damaged: readonly string[];
}

export interface RepairReport {
  /** What was done, in a few words, for people. */
  readonly did: string;
  /** What is left to do by hand; absent where nothing is. */
  readonly todo?: string;
}

export interface WantedPin extends Omit<ExistingPin, 'allocations'> {
  /** Where the target lets the caller choose peers. */
  readonly allocations?: readonly string[] | undefined;
  /** Where those refuse, no others are asked in their place, as far as the target can be told so. */
  readonly nowhereElse?: boolean | undefined;
}

export interface TargetInfo {
  readonly kind: 'cluster' | 'kubo' | 'pinning-service' | 'local' | 'group';
  readonly version?: string;
  readonly peers: readonly TargetPeer[];
  /** Each peer has pins of its own, so that one made by others is a copy and in nobody's way. */
  readonly pinsPerPeer?: boolean;
  /** It gives up the copies that are not among `allocations` where there are more than `max`. */
  readonly choosesCopies?: boolean;
  /** Peers are left out on purpose, so that a pin has to say which it is for. */
  readonly isPart?: boolean;
  /** Places that must have a copy before a region counts, where it is more than one. */
  readonly quorums?: Quorums;
}

/** By region. */
export type Quorums = Readonly<Record<string, number>>;

export interface TargetPeer {
  readonly id: string;
  readonly name?: string;
  readonly region?: string;
  /** What it shares its fate with, such as one cluster of several. Default: nothing. */
  readonly place?: string;
  /** Fit to take a copy now. */
  readonly up: boolean;
  readonly freeSpace?: number;
  readonly error?: string;
  /** The IPFS node that has the blocks, where others can dial it. */
  readonly swarm?: { readonly id: string; readonly addresses: readonly string[] };
}
