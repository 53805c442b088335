import type { PeerCopy, PinState } from '../target/pin-state.ts';
import type { TargetInfo, TargetPeer } from '../target/target.ts';
import { copiesOn } from './listed-copies.ts';

/** Who holds, or was asked to hold, one CID, and who else could. */
export interface Holders {
  /** Peers that report a copy. */
  readonly pinned: readonly PeerCopy[];
  /** Peers asked to hold it, fit or not. */
  readonly allocated: number;
  /** Of those, the fit ones. */
  readonly live: readonly TargetPeer[];
  /** Of the live ones, those that cannot be asked to give up their copy alone. */
  readonly fixed: readonly TargetPeer[];
  /** Fit peers asked to hold it that could not show their copy: not a copy, and not to be dropped before others have one. */
  readonly refuted: readonly TargetPeer[];
  /** Fit peers asked to hold it that report an error. */
  readonly failing: readonly PeerCopy[];
  /** Fit peers that do not hold it and have space. */
  readonly spare: readonly TargetPeer[];
}

export function holdersOf(state: PinState, info: TargetInfo, size: number | undefined): Holders {
  const asked = new Set(state.pin === undefined ? [] : state.pin.allocations);
  if (state.pin !== undefined && asked.size === 0) {
    // The target does not say whom it asked, or asked everyone: believe the peers themselves.
    for (const copy of state.peers)
      if (copy.state !== 'absent' && copy.state !== 'unpinning') asked.add(copy.peer);
  }
  const down = new Set(state.peers.filter((copy) => copy.state === 'down').map((copy) => copy.peer));
  const up = info.peers.filter((peer) => peer.up && !down.has(peer.id));
  const unshown = new Set(state.peers.filter((copy) => copy.state === 'refuted').map((copy) => copy.peer));
  const bound = new Set(state.peers.filter((copy) => copy.fixed === true).map((copy) => copy.peer));
  const live = up.filter((peer) => asked.has(peer.id) && !unshown.has(peer.id));
  const liveIds = new Set(live.map((peer) => peer.id));
  return {
    pinned: copiesOn(state, info),
    allocated: asked.size,
    live,
    fixed: live.filter((peer) => bound.has(peer.id)),
    refuted: up.filter((peer) => unshown.has(peer.id)),
    failing: state.peers.filter((copy) => copy.state === 'error' && liveIds.has(copy.peer)),
    spare: up.filter(
      ({ id, ...peer }) => !asked.has(id) && !unshown.has(id) && !bound.has(id) && fits(peer, size),
    ),
  };
}

function fits(peer: Pick<TargetPeer, 'freeSpace'>, size: number | undefined): boolean {
  return size === undefined || peer.freeSpace === undefined || peer.freeSpace >= size;
}
