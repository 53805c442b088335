import type { PeerCopy, PinState } from '../target/pin-state.ts';
import type { TargetInfo } from '../target/target.ts';

/** The copies that count: those of peers that the target lists. */
export function copiesOn({ peers }: PinState, info: TargetInfo): PeerCopy[] {
  const listed = new Set(info.peers.map((peer) => peer.id));
  return peers.filter((copy) => copy.state === 'pinned' && listed.has(copy.peer));
}
