import type { CombinedRequest } from '../desired/combined-request.ts';
import type { Holders } from '../observed/holders.ts';
import { choosePeers, regionsAfterWorstDrop, regionsNeeded, regionsOf } from '../observed/spread.ts';
import { combine } from '../target/claim-metadata.ts';
import type { ExistingPin } from '../target/pin-state.ts';
import type { TargetInfo } from '../target/target.ts';
import type { Claims } from './claims.ts';
import type { PeerSpace } from './peer-space.ts';

/** The numbers a pin should have from now on, and what has to happen for it. */
export interface Replication {
  readonly min: number;
  readonly max: number;
  /** Fit peers that should hold it. */
  readonly count: number;
  /** How many of those do not yet. */
  readonly adds: number;
  /** Peers beside them that could not show their copy. They keep their place: a part of it may be the last there is. */
  readonly kept: number;
  /** Peers to ask for, where the spread depends on it. */
  readonly allocations?: readonly string[];
  /** It has more copies than wanted, and taking some away now could take the wrong ones. */
  readonly lowerLater: boolean;
  /** It has too few regions, whatever the number of copies. */
  readonly spreadShort: boolean;
  readonly fit: number;
  /** The least copies wanted, whatever the peers allow now. */
  readonly wantedMin: number;
}

export interface ReplicationInput {
  readonly pin: ExistingPin | undefined;
  readonly claims: Claims;
  readonly request: CombinedRequest | undefined;
  readonly holders: Holders;
  readonly info: TargetInfo;
  readonly space: PeerSpace;
}

export function replicate({ pin, claims, request, holders, info, space }: ReplicationInput): Replication {
  const want = combine([...claims.own, ...claims.others]);
  const { live, spare, allocated, pinned, refuted } = holders;
  const kept = refuted.length;
  const fit = live.length + spare.length;
  if (want.max === -1) {
    const adds = pin?.max === -1 ? 0 : spare.length;
    const none = { lowerLater: false, spreadShort: false };
    return { min: -1, max: -1, count: fit, adds, kept, ...none, fit, wantedMin: -1 };
  }
  const regions = regionsNeeded({ regions: want.regions, spread: request?.spread ?? 'where-tagged' }, info);
  const reachable = Math.min(regions, regionsOf([...live, ...spare]).size);
  const gap = Math.max(0, reachable - regionsOf(live).size);
  const most = Math.min(want.max, fit);
  // A peer that is away for a while is no reason to copy everything again as long as `min` hold it.
  const short = live.length < most && (live.length < want.min || allocated < want.max);
  const count = Math.max(short ? most : live.length, live.length + gap);
  const adds = count - live.length;
  // Another region may need a copy more than `max`: the target, not the caller, says which copies would go.
  const max = Math.max(want.max, gap > 0 ? count : 0, kept > 0 ? count + kept : 0);
  const floor = Math.max(1, Math.min(want.min, fit));
  const fromEverywhere = pin?.max === -1;
  const dropped = Math.max(0, live.length - max);
  const safe = fromEverywhere
    ? pinned.length >= floor
    : pinned.length - dropped >= floor && regionsAfterWorstDrop(live, dropped) >= reachable;
  const lowerLater = dropped > 0 && pin !== undefined && !safe;
  const chosen =
    fromEverywhere && !lowerLater
      ? keepers(holders, max, space)
      : adds > 0 && (regions > 0 || kept > 0)
        ? [...live, ...refuted, ...choosePeers(spare, live, adds, space)]
        : undefined;
  if (chosen !== undefined) space.take(chosen, request?.totalSize);
  return {
    min: lowerLater && fromEverywhere ? -1 : floor,
    max: lowerLater && pin !== undefined ? (fromEverywhere ? -1 : Math.max(pin.max, live.length)) : max,
    count,
    adds,
    kept,
    ...(chosen !== undefined && { allocations: chosen.map((peer) => peer.id) }),
    lowerLater,
    spreadShort: gap > 0,
    fit,
    wantedMin: want.min,
  };
}

/** Of a pin on every peer, those that should stay: the ones that have it, spread over regions. */
function keepers({ live, pinned }: Holders, count: number, space: PeerSpace) {
  const have = new Set(pinned.map((copy) => copy.peer));
  const first = choosePeers(
    live.filter((peer) => have.has(peer.id)),
    [],
    count,
    space,
  );
  const rest = choosePeers(
    live.filter((peer) => !have.has(peer.id)),
    first,
    count - first.length,
    space,
  );
  return [...first, ...rest];
}
