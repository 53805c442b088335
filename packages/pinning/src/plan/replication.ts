import type { CombinedRequest } from '../desired/combined-request.ts';
import type { Holders } from '../observed/holders.ts';
import { combine } from '../target/claim-metadata.ts';
import type { PeerSpace } from '../target/peer-space.ts';
import type { ExistingPin } from '../target/pin-state.ts';
import {
  choosePeers,
  copiesToRegions,
  filledUp,
  regionsAfterWorstDrop,
  regionsNeeded,
  regionsOf,
} from '../target/spread.ts';
import type { TargetInfo, TargetPeer } from '../target/target.ts';
import type { Claims } from './claims.ts';

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
  /** Copies to give up now, of a target that can be told which. */
  readonly surplus: number;
  /** The target keeps exactly the copies that it is asked for: one write says it all. */
  readonly isChosen: boolean;
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
  const { quorums } = info;
  const isChosen = info.choosesCopies === true;
  const fit = live.length + spare.length;
  if (want.max === -1) {
    const adds = pin?.max === -1 ? 0 : spare.length;
    const none = { lowerLater: false, spreadShort: false, surplus: 0, isChosen };
    return { min: -1, max: -1, count: fit, adds, kept, ...none, fit, wantedMin: -1 };
  }
  const regions = regionsNeeded({ regions: want.regions, spread: request?.spread ?? 'where-tagged' }, info);
  const reachable = Math.min(regions, regionsOf([...live, ...spare], quorums).size);
  const gap = copiesToRegions(live, spare, reachable, quorums);
  const most = Math.min(want.max, fit);
  // A peer that is away for a while is no reason to copy everything again as long as `min` hold it.
  const short = live.length < most && (live.length < want.min || allocated < want.max);
  const count = Math.max(short ? most : live.length, live.length + gap);
  const adds = count - live.length;
  // Another region may need a copy more than `max`: the target, not the caller, says which copies would go.
  const least = isChosen ? copiesToRegions([], [...live, ...spare], reachable, quorums) : 0;
  const max = Math.max(want.max, least, gap > 0 ? count : 0, kept > 0 ? count + kept : 0);
  const floor = Math.max(1, Math.min(want.min, fit));
  const fromEverywhere = pin?.max === -1;
  const dropped = Math.max(0, live.length - max);
  const keep = dropped > 0 && isChosen ? keepers(holders, max, space, info) : undefined;
  const safe = keep
    ? isEnough(keep, holders, floor, reachable, info)
    : fromEverywhere
      ? pinned.length >= floor
      : pinned.length - dropped >= floor && regionsAfterWorstDrop(live, dropped) >= reachable;
  const lowerLater = dropped > 0 && pin !== undefined && !safe;
  const surplus = keep && safe ? live.length - keep.length : 0;
  const chosen =
    surplus > 0
      ? keep
      : fromEverywhere && !lowerLater
        ? keepers(holders, max, space, info)
        : adds > 0 && (regions > 0 || kept > 0 || info.isPart === true || (isChosen && max > 1))
          ? [...live, ...refuted, ...choosePeers(spare, live, adds, space, quorums)]
          : undefined;
  const later = fromEverywhere ? -1 : Math.max(pin?.max ?? max, isChosen ? max : live.length);
  if (chosen !== undefined) space.take(chosen, request?.totalSize);
  return {
    min: lowerLater && fromEverywhere ? -1 : floor,
    max: lowerLater ? later : max,
    count,
    adds,
    kept,
    surplus,
    isChosen,
    ...(chosen !== undefined && { allocations: chosen.map((peer) => peer.id) }),
    lowerLater,
    spreadShort: gap > 0,
    fit,
    wantedMin: want.min,
  };
}

/** Of more peers than wanted, those that should stay: the ones that must, then those that have it, spread over regions. */
function keepers(
  { live, pinned, fixed }: Holders,
  count: number,
  space: PeerSpace,
  { quorums }: TargetInfo,
): readonly TargetPeer[] {
  const have = new Set(pinned.map((copy) => copy.peer));
  const movable = live.filter((peer) => !fixed.includes(peer));
  const pools = [movable.filter(({ id }) => have.has(id)), movable];
  return filledUp(fixed, pools, count, space, quorums);
}

/** Whether the copies that stay are there already, and no other is on its way that might be the better one to keep. */
function isEnough(
  keep: readonly TargetPeer[],
  { live, pinned, failing }: Holders,
  floor: number,
  regions: number,
  { quorums }: TargetInfo,
): boolean {
  const have = new Set(pinned.map((copy) => copy.peer));
  const settled = new Set([...have, ...failing.map((copy) => copy.peer)]);
  const whole = keep.filter(({ id }) => have.has(id));
  return (
    live.every(({ id }) => settled.has(id)) &&
    whole.length >= floor &&
    regionsOf(whole, quorums).size >= regions
  );
}
