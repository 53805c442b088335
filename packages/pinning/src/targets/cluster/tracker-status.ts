import type { PeerState } from '../../target/pin-state.ts';

/** IPFS Cluster's words for what a peer does with a CID (api/types.go, TrackerStatus). */
const states: Readonly<Record<string, PeerState>> = {
  pinned: 'pinned',
  pinning: 'pinning',
  pin_queued: 'queued',
  unpinning: 'unpinning',
  unpin_queued: 'unpinning',
  pin_error: 'error',
  unpin_error: 'error',
  // Should be pinned, is not, and nothing is under way: only a recover helps.
  unexpectedly_unpinned: 'error',
  cluster_error: 'down',
  unpinned: 'absent',
  // Allocated to others, or held in parts: no whole copy here.
  remote: 'absent',
  sharded: 'absent',
};

export function peerState(status: string): PeerState {
  return Object.hasOwn(states, status) ? (states[status] as PeerState) : 'error';
}
