import type { TargetInfo, TargetPeer } from './target.ts';

/** Space left on each peer while a plan is made, so that its steps do not all choose the same one. */
export class Room {
  readonly #free: Map<string, number>;

  constructor(info: TargetInfo) {
    this.#free = new Map(info.peers.map((peer) => [peer.id, peer.freeSpace ?? Number.MAX_SAFE_INTEGER]));
  }

  readonly of = (peer: TargetPeer): number => this.#free.get(peer.id) ?? 0;

  /** A copy of unknown size still takes a little, to take turns. */
  take(peers: readonly TargetPeer[], size: number | undefined): void {
    for (const peer of peers) this.#free.set(peer.id, this.of(peer) - (size ?? 1));
  }
}
