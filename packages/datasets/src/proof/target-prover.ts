import { type Clock, pooled, systemClock } from '@holdfast/http';
import type { PinTarget } from '@holdfast/pinning';
import type { PeerCopy, PinState, TargetInfo } from '@holdfast/pinning/target';
import { RetrievalError } from '@holdfast/retrieval';
import {
  answerOf,
  type Bitswap,
  type BitswapOptions,
  type ClaimedCopy,
  type CopyProof,
  type CopySource,
  createBitswap,
  type ProveOptions,
  proveCopies,
  ReadBudget,
} from '@holdfast/retrieval/proof';
import { defaultSpread, dueShare, inProofOrder, isDue, type ProofSpread } from './due.ts';

export interface ProverOptions extends BitswapOptions {
  /** What the draws come from: the commit and the time of the run. */
  readonly seed: string;
  /** Places to draw of each copy. Default: 16. */
  readonly blocks?: number | undefined;
  /** Names or IDs of peers to ask. Default: all. */
  readonly peers?: readonly string[] | undefined;
  /** The most to read from all peers together. Default: 1 GiB. */
  readonly maxBytes?: number | undefined;
  /** The most that one call may take. Default: 10 minutes. */
  readonly deadlineMs?: number | undefined;
  /** How many datasets are looked at side by side. Default: 8. */
  readonly datasetsAtOnce?: number | undefined;
  readonly peersAtOnce?: number | undefined;
  /** Days in which every dataset, and every byte, is looked at. Default: 7 and 90; false: draws alone. */
  readonly spread?: ProofSpread | false | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly onProgress?: ((progress: ProofProgress) => void) | undefined;
}

export interface ProofProgress {
  /** Datasets looked at, of all. */
  readonly done: number;
  readonly total: number;
}

export interface TargetProofs {
  readonly proofs: readonly CopyProof[];
  /** CIDs that the budget of this run left no room for. */
  readonly left: readonly string[];
}

const oneGiB = 2 ** 30;
/** A draw of a few blocks that takes longer tells nothing more. */
const drawMs = 60_000;

/** Asks the peers of a target to show the copies that they say they have. Keeps its connections until it is closed. */
export class TargetProver {
  readonly #target: PinTarget;
  readonly #options: ProverOptions;
  readonly #bitswap: Bitswap;
  readonly #budget: ReadBudget;
  readonly #clock: Clock;

  constructor(target: PinTarget, options: ProverOptions) {
    this.#target = target;
    this.#options = options;
    this.#bitswap = createBitswap(options);
    this.#budget = new ReadBudget(options.maxBytes ?? oneGiB);
    this.#clock = options.clock ?? systemClock;
  }

  /** A draw from each copy of these CIDs, and of those whose day it is the part that is due. */
  async prove(cids: readonly string[]): Promise<TargetProofs> {
    const { seed, spread = defaultSpread, onProgress, datasetsAtOnce = 8 } = this.#options;
    const at = new Date(this.#clock.now());
    const endsAt = this.#endsAt();
    const order = inProofOrder([...new Set(cids)], seed, at, spread || undefined);
    const places = await this.#places(order);
    const proofs: CopyProof[] = [];
    const left: string[] = [];
    let done = 0;
    await pooled(order, datasetsAtOnce, async (cid) => {
      if (this.#budget.left === 0 || this.#clock.now() >= endsAt) left.push(cid);
      else {
        const copies = places.get(cid) ?? [];
        const drawn = await this.#ask(cid, copies, { blocks: this.#options.blocks ?? 16, endsAt });
        proofs.push(...drawn);
        const well = copies.filter((_, index) => drawn[index]?.verdict === 'proved');
        if (spread !== false && isDue(cid, at, spread))
          proofs.push(...(await this.#ask(cid, well, { blocks: dueShare(cid, at, spread), endsAt })));
      }
      done += 1;
      onProgress?.({ done, total: order.length });
    });
    return { proofs, left };
  }

  /** Every block of each copy of these CIDs. */
  async proveAll(cids: readonly string[]): Promise<CopyProof[]> {
    const proofs: CopyProof[] = [];
    const endsAt = this.#endsAt();
    let done = 0;
    for (const cid of new Set(cids)) {
      proofs.push(...(await this.#whole(cid, undefined, endsAt)));
      done += 1;
      this.#options.onProgress?.({ done, total: cids.length });
    }
    return proofs;
  }

  /** Reads all of some copies. */
  proveWhole(cid: string, peers?: readonly string[]): Promise<CopyProof[]> {
    return this.#whole(cid, peers, this.#endsAt());
  }

  async #whole(cid: string, peers: readonly string[] | undefined, endsAt: number): Promise<CopyProof[]> {
    const copies = (await this.#places([cid])).get(cid) ?? [];
    const asked = copies.filter(({ peer }) => peers === undefined || peers.includes(peer));
    return this.#ask(cid, asked, { blocks: 'all', endsAt });
  }

  async close(): Promise<void> {
    await this.#bitswap.stop();
  }

  #endsAt(): number {
    return this.#clock.now() + (this.#options.deadlineMs ?? 600_000);
  }

  #ask(
    cid: string,
    copies: readonly ClaimedCopy[],
    { blocks, endsAt }: { readonly blocks: ProveOptions['blocks']; readonly endsAt: number },
  ): Promise<CopyProof[]> {
    const leftMs = Math.max(1, endsAt - this.#clock.now());
    const { seed, signal, peersAtOnce } = this.#options;
    return proveCopies(cid, copies, {
      blocks,
      deadlineMs: typeof blocks === 'number' ? Math.min(drawMs, leftMs) : leftMs,
      seed,
      signal,
      peersAtOnce,
      clock: this.#clock,
      budget: this.#budget,
    });
  }

  /** Who says pinned, and how each is asked. */
  async #places(cids: readonly string[]): Promise<Map<string, ClaimedCopy[]>> {
    const { signal } = this.#options;
    const info = await this.#target.inspect({ signal });
    const places = new Map<string, ClaimedCopy[]>();
    if (cids.length === 0) return places;
    for await (const state of this.#target.observe(cids, { signal, detail: 'copies' }))
      places.set(state.cid, this.#copies(state, info));
    return places;
  }

  #copies({ peers }: PinState, info: TargetInfo): ClaimedCopy[] {
    const only = this.#options.peers;
    return peers.flatMap((copy) => {
      // A copy that was refuted before says pinned as well.
      if (copy.state !== 'pinned' && copy.state !== 'refuted') return [];
      const known = info.peers.find(({ id }) => id === copy.peer);
      if (known === undefined) return [];
      const name = copy.name ?? known.name;
      if (only !== undefined && !only.includes(copy.peer) && !only.includes(name ?? '')) return [];
      const region = copy.region ?? known.region;
      return [{ peer: copy.peer, name, region, source: this.#source(copy, known) }];
    });
  }

  #source({ peer }: PeerCopy, { swarm }: TargetInfo['peers'][number]): CopySource {
    const target = this.#target;
    if (swarm !== undefined) return this.#bitswap.peer(swarm);
    if (target.readBlock !== undefined)
      return {
        read: async (cid, { signal }) => {
          const bytes = await target.readBlock?.(peer, cid, { signal });
          return bytes === undefined ? { kind: 'missing' } : answerOf(cid, bytes);
        },
      };
    const error = new RetrievalError('peer-unreachable', 'the target does not say how its node is reached', {
      subject: peer,
    });
    return { read: () => Promise.reject(error) };
  }
}
