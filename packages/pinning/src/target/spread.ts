import type { PeerCopy } from './pin-state.ts';
import type { Quorums, TargetInfo, TargetPeer } from './target.ts';

/** Where a copy is, or could be. */
export interface Located {
  readonly region?: string;
  readonly place?: string;
}

/** The distinct regions of some peers that have their quorum; a peer without a tag is in none. */
export function regionsOf(peers: Iterable<Located>, quorums: Quorums = {}): Set<string> {
  const regions = new Set<string>();
  for (const [region, places] of placesByRegion(peers))
    if (places >= quorumOf(region, quorums)) regions.add(region);
  return regions;
}

/** How many places of each region some peers stand in; one that says no place is one. */
export function placesByRegion(peers: Iterable<Located>): Map<string, number> {
  const places = new Map<string, Set<unknown>>();
  for (const peer of peers) {
    if (peer.region === undefined || peer.region === '') continue;
    const known = places.get(peer.region) ?? new Set();
    places.set(peer.region, known.add(peer.place ?? peer));
  }
  return new Map([...places].map(([region, all]) => [region, all.size]));
}

export function quorumOf(region: string, quorums: Quorums): number {
  return Object.hasOwn(quorums, region) ? (quorums[region] ?? 1) : 1;
}

/** What is asked of the regions of copies. */
interface WantedSpread {
  readonly regions: number;
  readonly spread: 'always' | 'where-tagged';
}

/** How many regions the copies must span on this target. */
export function regionsNeeded(copies: WantedSpread, info: TargetInfo): number {
  if (copies.regions <= 1) return 0;
  if (copies.spread === 'where-tagged' && placesByRegion(info.peers).size <= 1) return 0;
  return copies.regions;
}

/** Regions as the target's own list of peers has them, since a copy may not say its region. */
export function regionsOfCopies(copies: readonly PeerCopy[], info: TargetInfo): Set<string> {
  const known = new Map(info.peers.map((peer) => [peer.id, peer]));
  const located = copies.map((copy): Located => {
    const peer = known.get(copy.peer);
    const [region, place] = [copy.region ?? peer?.region, copy.place ?? peer?.place];
    return { ...(region !== undefined && { region }), ...(place !== undefined && { place }) };
  });
  return regionsOf(located, info.quorums);
}

/** How many copies more it takes until `count` regions have their quorum, the nearest first. */
export function copiesToRegions(
  held: readonly TargetPeer[],
  spare: readonly TargetPeer[],
  count: number,
  quorums: Quorums = {},
): number {
  const [now, have] = [placesByRegion(held), regionsOf(held, quorums)];
  const missing = [...regionsOf([...held, ...spare], quorums)]
    .filter((region) => !have.has(region))
    .map((region) => quorumOf(region, quorums) - (now.get(region) ?? 0))
    .sort((a, b) => a - b);
  return missing.slice(0, Math.max(0, count - have.size)).reduce((sum, copies) => sum + copies, 0);
}

/** The fewest regions that could be left after any `dropped` of these peers lose their copy. */
export function regionsAfterWorstDrop(peers: readonly TargetPeer[], dropped: number): number {
  const sizes = placesByRegion(peers);
  let left = dropped;
  let regions = sizes.size;
  for (const size of [...sizes.values()].sort((a, b) => a - b)) {
    if (size > left) break;
    left -= size;
    regions -= 1;
  }
  return regions;
}

/** What a choice of peers goes by, beside their regions. */
export interface FreeSpace {
  /** Bytes left. */
  free(peer: TargetPeer): number;
  /** Copies it was chosen for already. */
  chosen(peer: TargetPeer): number;
}

/**
 * Peers for new copies: regions that lack least for their quorum come first, then the ones with fewest copies; within a region
 * the places with fewest, and of their peers the ones with most room take turns.
 */
export function choosePeers(
  candidates: readonly TargetPeer[],
  held: readonly TargetPeer[],
  count: number,
  space: FreeSpace,
  quorums: Quorums = {},
): TargetPeer[] {
  const chosen: TargetPeer[] = [];
  let left = [...candidates];
  while (chosen.length < count && left.length > 0) {
    const rank = ranking([...held, ...chosen], left, quorums);
    const lowest = Math.min(...left.map(rank));
    const first = left.filter((peer) => rank(peer) === lowest);
    const best = roomiest(leastUsedPlaces(first, [...held, ...chosen]), space);
    left = left.filter((peer) => peer !== best);
    chosen.push(best);
  }
  return chosen;
}

/** Fills up what is held to `count`, from each pool in turn. */
export function filledUp(
  held: readonly TargetPeer[],
  pools: readonly (readonly TargetPeer[])[],
  count: number,
  space: FreeSpace,
  quorums?: Quorums,
): TargetPeer[] {
  let filled = [...held];
  for (const pool of pools) {
    const left = pool.filter((peer) => !filled.includes(peer));
    filled = [...filled, ...choosePeers(left, filled, count - filled.length, space, quorums)];
  }
  return filled;
}

/** The lower, the sooner. */
function ranking(
  have: readonly TargetPeer[],
  left: readonly TargetPeer[],
  quorums: Quorums,
): (peer: TargetPeer) => number {
  const [places, possible] = [placesByRegion(have), regionsOf([...have, ...left], quorums)];
  const copies = new Map<string, number>();
  for (const { region = '' } of have) copies.set(region, (copies.get(region) ?? 0) + 1);
  return ({ region, place }) => {
    const load = copies.get(region ?? '') ?? 0;
    // A peer without a tag adds nothing to the spread, so it comes after every tagged one.
    if (region === undefined) return load + have.length + left.length;
    const missing = quorumOf(region, quorums) - (places.get(region) ?? 0);
    const isNew = place === undefined || !have.some((peer) => peer.region === region && peer.place === place);
    return missing > 0 && isNew && possible.has(region) ? missing - Number.MAX_SAFE_INTEGER : load;
  };
}

/** What is in one place is lost together. */
function leastUsedPlaces(peers: readonly TargetPeer[], have: readonly TargetPeer[]): readonly TargetPeer[] {
  if (peers.every(({ place }) => place === undefined)) return peers;
  const load = ({ place }: TargetPeer) => have.filter((peer) => peer.place === place).length;
  const least = Math.min(...peers.map(load));
  return peers.filter((peer) => load(peer) === least);
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
