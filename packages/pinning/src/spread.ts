import type { PeerCopy } from './pin-state.ts';
import type { Copies } from './request.ts';
import type { TargetInfo, TargetPeer } from './target.ts';

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

/**
 * Peers for new copies: regions that have none yet come first, then the ones with fewest, and within
 * a region the peer with most room. `room` is what is left of each peer's space in this plan.
 */
export function choosePeers(
  candidates: readonly TargetPeer[],
  held: readonly TargetPeer[],
  count: number,
  room: (peer: TargetPeer) => number,
): TargetPeer[] {
  const chosen: TargetPeer[] = [];
  const left = new Set(candidates);
  const load = (peer: TargetPeer) =>
    [...held, ...chosen].filter((other) => (other.region ?? '') === (peer.region ?? '')).length;
  // A peer without a tag adds nothing to the spread, so it comes after every tagged one.
  const rank = (peer: TargetPeer) => load(peer) + (peer.region === undefined ? held.length + count : 0);
  while (chosen.length < count && left.size > 0) {
    const [best] = [...left].sort((a, b) => rank(a) - rank(b) || room(b) - room(a) || (a.id < b.id ? -1 : 1));
    if (best === undefined) break;
    left.delete(best);
    chosen.push(best);
  }
  return chosen;
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
