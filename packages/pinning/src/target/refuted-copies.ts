import { delegatedTarget } from './delegated-target.ts';
import type { PeerCopy, PinState } from './pin-state.ts';
import type { PinTarget } from './target.ts';

/** Copies that peers say they have and could not show, with what they lack. */
export class RefutedCopies {
  readonly #reasons = new Map<string, string>();

  get size(): number {
    return this.#reasons.size;
  }

  add(cid: string, peer: string, why: string): void {
    this.#reasons.set(`${cid} ${peer}`, why);
  }

  /** It has shown its copy since. */
  delete(cid: string, peer: string): void {
    this.#reasons.delete(`${cid} ${peer}`);
  }

  /** Of one of these CIDs. */
  of(cids: ReadonlySet<string>): { readonly cid: string; readonly peer: string }[] {
    return [...this.#reasons.keys()].flatMap((key) => {
      // A peer may be a folder, and have spaces in its name.
      const space = key.indexOf(' ');
      const cid = key.slice(0, space);
      return cids.has(cid) ? [{ cid, peer: key.slice(space + 1) }] : [];
    });
  }

  why(cid: string, peer: string): string | undefined {
    return this.#reasons.get(`${cid} ${peer}`);
  }

  /** What a target says, with each refuted copy called so. */
  applyTo(state: PinState): PinState {
    return { ...state, peers: state.peers.map((copy) => this.#copy(state.cid, copy)) };
  }

  #copy(cid: string, copy: PeerCopy): PeerCopy {
    const why = copy.state === 'pinned' ? this.why(cid, copy.peer) : undefined;
    return why === undefined ? copy : { ...copy, state: 'refuted', error: why };
  }
}

/** A target as proofs have found it: a refuted copy is no copy. What is refuted later counts from then on. */
export function withRefuted(target: PinTarget, refuted: RefutedCopies): PinTarget {
  return delegatedTarget(target, {
    async *observe(cids, options) {
      for await (const state of target.observe(cids, options)) yield refuted.applyTo(state);
    },
  });
}
