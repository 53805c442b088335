import type { Copies } from '../desired/request.ts';
import type { PeerCopy } from '../target/pin-state.ts';
import type { TargetInfo, TargetPeer } from '../target/target.ts';

/** The distinct regions of some peers; a peer without a tag is in none. */
export function regionsOf(peers: Iterable<{ readonly region?: string }>): Set<string> {
  const regions = new Set<string>();
  for (const { region } of peers) if (region !== undefined && region !== '') regions.add(region);
  return regions;
}

/** How many regions the copies must span on this target. */
export function regionsNeeded(copies: Pick<Copies, 'regions' | 'spread'>, info: TargetInfo): number {
  if (copies.regions <= 1) return 0;
  if (copies.spread === 'where-tagged' && regionsOf(info.peers).size <= 1) return 0;
  return copies.regions;
}

/** Regions as the target's own list of peers has them, since a copy may not say its region. */
export function regionsOfCopies(copies: readonly PeerCopy[], info: TargetInfo): Set<string> {
  const known = new Map(info.peers.map((peer) => [peer.id, peer.region]));
  return regionsOf(
    copies.map((copy) => {
      const region = copy.region ?? known.get(copy.peer);
      return region === undefined ? {} : { region };
    }),
  );
}

/** What a choice of peers goes by, beside their regions. */
export interface FreeSpace {
  /** Bytes left. */
  free(peer: TargetPeer): number;
  /** Copies it was chosen for already. */
  chosen(peer: TargetPeer): number;
}

/**
 * Peers for new copies: regions that have none yet come first, then the ones with fewest; within a region
 * the peers with most room take turns.
 */
export function choosePeers(
  candidates: readonly TargetPeer[],
  held: readonly TargetPeer[],
  count: number,
  space: FreeSpace,
): TargetPeer[] {
  const chosen: TargetPeer[] = [];
  let left = [...candidates];
  const load = (peer: TargetPeer) =>
    [...held, ...chosen].filter((other) => (other.region ?? '') === (peer.region ?? '')).length;
  // A peer without a tag adds nothing to the spread, so it comes after every tagged one.
  const rank = (peer: TargetPeer) => load(peer) + (peer.region === undefined ? held.length + count : 0);
  while (chosen.length < count && left.length > 0) {
    const lowest = Math.min(...left.map(rank));
    const best = roomiest(
      left.filter((peer) => rank(peer) === lowest),
      space,
    );
    left = left.filter((peer) => peer !== best);
    chosen.push(best);
  }
  return chosen;
}

/** Of peers with about as much room as the roomiest, the one chosen least so far. */
function roomiest(peers: readonly TargetPeer[], space: FreeSpace): TargetPeer {
  const most = Math.max(...peers.map(space.free));
  const roomy = peers.filter((peer) => space.free(peer) >= most * 0.9);
  return (roomy.length > 0 ? roomy : peers).reduce((a, b) => {
    const order = space.chosen(a) - space.chosen(b) || (a.id < b.id ? -1 : 1);
    return order <= 0 ? a : b;
  });
}

/** The fewest regions that could be left after any `dropped` of these peers lose their copy. */
export function regionsAfterWorstDrop(peers: readonly TargetPeer[], dropped: number): number {
  const sizes = new Map<string, number>();
  for (const { region } of peers) if (region !== undefined) sizes.set(region, (sizes.get(region) ?? 0) + 1);
  let left = dropped;
  let regions = sizes.size;
  for (const size of [...sizes.values()].sort((a, b) => a - b)) {
    if (size > left) break;
    left -= size;
    regions -= 1;
  }
  return regions;
}
