import type { PinState } from '../target/pin-state.ts';
import type { TargetInfo, TargetPeer } from '../target/target.ts';
import { copiesOn } from './listed-copies.ts';

/** What one peer keeps of some datasets. */
export interface PeerLoad extends Pick<TargetPeer, 'id' | 'name' | 'region' | 'up' | 'freeSpace'> {
  readonly copies: number;
  readonly bytes: number;
}

export interface RegionLoad {
  /** Absent for peers without a tag. */
  readonly region?: string;
  readonly copies: number;
  readonly bytes: number;
}

/** Which peer and which region keeps how much. */
export interface Distribution {
  /** The fullest first, region by region. */
  readonly peers: readonly PeerLoad[];
  readonly regions: readonly RegionLoad[];
  readonly copies: number;
  readonly bytes: number;
  /** Copies whose size nobody knows. */
  readonly unsized: number;
  /** How many times as much the fullest fit peer keeps as the mean of them; 1 is even. By copies where sizes are not known. */
  readonly unevenness: number;
}

/** Adds up the copies that exist. */
export async function distributionOf(
  states: AsyncIterable<PinState> | Iterable<PinState>,
  info: TargetInfo,
  sizeOf: (cid: string) => number | undefined,
): Promise<Distribution> {
  const loads = new Map(info.peers.map(({ id }) => [id, { copies: 0, bytes: 0 }]));
  let unsized = 0;
  for await (const state of states) {
    const size = sizeOf(state.cid);
    for (const { peer } of copiesOn(state, info)) {
      const load = loads.get(peer);
      if (load === undefined) continue;
      load.copies += 1;
      load.bytes += size ?? 0;
      if (size === undefined) unsized += 1;
    }
  }
  const peers = info.peers.map((peer) => loadOf(peer, loads.get(peer.id)));
  const regions = new Map<string | undefined, { copies: number; bytes: number }>();
  for (const { region, copies, bytes } of peers) {
    const sum = regions.get(region) ?? { copies: 0, bytes: 0 };
    regions.set(region, { copies: sum.copies + copies, bytes: sum.bytes + bytes });
  }
  const byLoad = (a: { bytes: number; copies: number }, b: { bytes: number; copies: number }) =>
    b.bytes - a.bytes || b.copies - a.copies;
  const order = [...regions]
    .map(([region, load]): RegionLoad => ({ ...(region !== undefined && { region }), ...load }))
    .sort(byLoad);
  const rank = new Map(order.map(({ region }, index) => [region, index]));
  const total = { copies: sumOf(peers, 'copies'), bytes: sumOf(peers, 'bytes') };
  const weight = total.bytes > 0 ? 'bytes' : 'copies';
  return {
    peers: peers.sort((a, b) => (rank.get(a.region) ?? 0) - (rank.get(b.region) ?? 0) || byLoad(a, b)),
    regions: order,
    ...total,
    unsized,
    unevenness: unevenness(peers.filter(({ up }) => up).map((peer) => peer[weight])),
  };
}

function loadOf({ id, name, region, up, freeSpace }: TargetPeer, load = { copies: 0, bytes: 0 }): PeerLoad {
  return {
    id,
    ...(name !== undefined && { name }),
    ...(region !== undefined && { region }),
    up,
    ...(freeSpace !== undefined && { freeSpace }),
    ...load,
  };
}

function sumOf(peers: readonly PeerLoad[], what: 'bytes' | 'copies'): number {
  return peers.reduce((sum, peer) => sum + peer[what], 0);
}

/** How many times the mean the largest of some loads is; 1 is even. */
export function unevenness(loads: readonly number[]): number {
  const sum = loads.reduce((total, load) => total + load, 0);
  return sum === 0 ? 1 : (Math.max(...loads) * loads.length) / sum;
}
