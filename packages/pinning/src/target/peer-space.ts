import type { FreeSpace } from './spread.ts';
import type { TargetInfo, TargetPeer } from './target.ts';

/** Space left on each peer while a plan is made, so that its steps do not all choose the same one. */
export class PeerSpace implements FreeSpace {
  readonly #free: Map<string, number>;
  readonly #chosen = new Map<string, number>();

  constructor(info: TargetInfo) {
    this.#free = new Map(info.peers.map((peer) => [peer.id, peer.freeSpace ?? Number.MAX_SAFE_INTEGER]));
  }

  readonly free = (peer: TargetPeer): number => this.#free.get(peer.id) ?? 0;

  readonly chosen = (peer: TargetPeer): number => this.#chosen.get(peer.id) ?? 0;

  take(peers: readonly TargetPeer[], size = 0): void {
    for (const peer of peers) {
      this.#free.set(peer.id, this.free(peer) - size);
      this.#chosen.set(peer.id, this.chosen(peer) + 1);
    }
  }
}
