import { pooled } from '@holdfast/http';
import type { CidResult, PinTarget } from '@holdfast/pinning';
import { RefutedCopies, withRefuted } from '@holdfast/pinning/internal';
import type { CopyProof } from '@holdfast/retrieval/proof';
import type { TargetProver } from './target-prover.ts';

/** What became of a copy that could not be shown. */
export interface Repair {
  readonly cid: string;
  readonly peer: string;
  readonly name?: string;
  readonly ok: boolean;
  /** What was done, or why nothing was. */
  readonly did: string;
  readonly todo?: string;
}

export interface SessionOptions {
  readonly prover: TargetProver;
  /** What a copy is worth that could not be asked. `auto`: as much as its peer says; `require`: nothing. */
  readonly prove: 'auto' | 'require';
  readonly signal?: AbortSignal | undefined;
}

/** What a run needs to know of each result. */
export type ProvableResult = Pick<CidResult, 'cid' | 'coverage'>;

const repairsAtOnce = 4;
const handWork = 'see to its node: `ipfs repo verify --heal` there replaces what is damaged';

/**
 * The proofs of one run, before a plan and after it was applied. `target` is the target as it was proved: plan and apply on
 * it, and look again at the end.
 */
export class ProofSession {
  readonly target: PinTarget;
  readonly #real: PinTarget;
  readonly #options: SessionOptions;
  readonly #refuted = new RefutedCopies();
  /** Of a draw, and of a part where one was due. One of the whole takes the place of both. */
  readonly #byCopy = new Map<string, CopyProof[]>();
  readonly repairs: Repair[] = [];
  /** CIDs that the budget left no room for. */
  readonly left: string[] = [];

  constructor(target: PinTarget, options: SessionOptions) {
    this.#real = target;
    this.#options = options;
    this.target = withRefuted(target, this.#refuted);
  }

  /** What each copy showed at last. */
  get proofs(): readonly CopyProof[] {
    return [...this.#byCopy.values()].flat();
  }

  /** Asks for the copies that are there, before anything is planned. */
  async look(cids: readonly string[]): Promise<void> {
    const { proofs, left } = await this.#options.prover.prove(cids);
    this.#add(proofs);
    this.left.push(...left);
  }

  /**
   * After other copies were made: gets sick peers to fetch again what they lost, asks them again, and asks for each copy that
   * was made. Answers whether anything may have changed since.
   */
  async settle(results: readonly ProvableResult[]): Promise<boolean> {
    const copies = new Map(results.map(({ cid, coverage }) => [cid, coverage?.copies ?? 0]));
    const sick = [...this.#byCopy.values()].flatMap((proofs) => proofs.find(isRefuted) ?? []);
    await pooled(sick, repairsAtOnce, async (proof) => {
      const { cid, peer, name } = proof;
      const done = await this.#repair(proof, copies.get(cid) ?? 0);
      this.repairs.push({ cid, peer, ...(name !== undefined && { name }), ...done });
    });
    await this.#proveNew(results);
    if (this.#options.prove === 'require')
      for (const { cid, peer, verdict, why } of this.proofs)
        if (verdict === 'unreachable') this.#refuted.add(cid, peer, `it could not be asked: ${why}`);
    return this.#refuted.size > 0 || this.repairs.length > 0;
  }

  async #repair({ cid, peer }: CopyProof, copies: number): Promise<Pick<Repair, 'ok' | 'did' | 'todo'>> {
    const { prover, signal } = this.#options;
    // Without another copy there is nothing to repair it from, and a repair could lose what is left.
    if (copies === 0)
      return {
        ok: false,
        did: 'nothing: no other copy is there to repair it from',
        todo: 'publish the content again (`holdfast publish`), then heal',
      };
    if (this.#real.repair === undefined)
      return {
        ok: false,
        did: 'nothing: this kind of target cannot be told to repair a copy',
        todo: handWork,
      };
    try {
      const [whole] = await prover.proveWhole(cid, [peer]);
      if (whole === undefined) return { ok: false, did: 'nothing: its peer no longer says that it has it' };
      this.#add([whole]);
      if (!isRefuted(whole)) return { ok: whole.verdict === 'proved', did: 'it showed all of it now' };
      const { missing, damaged } = whole;
      const { did, todo } = await this.#real.repair(cid, { peer, missing, damaged }, { signal });
      // What only a person can do has changed nothing.
      if (missing.length === 0 && todo !== undefined) return { ok: false, did, todo };
      const after = await prover.proveWhole(cid, [peer]);
      this.#add(after);
      const ok = after[0]?.verdict === 'proved';
      return ok ? { ok, did } : { ok, did, todo: todo ?? handWork };
    } catch (error) {
      // The errors of targets have a code; anything else is a bug.
      if (!(error instanceof Error && 'code' in error) || signal?.aborted) throw error;
      return { ok: false, did: `failed: ${error.message}`, todo: 'see to the node, then heal again' };
    }
  }

  /** Copies that came to be in this run are shown before they are counted. */
  async #proveNew(results: readonly ProvableResult[]): Promise<void> {
    const fresh = results.flatMap(({ cid, coverage }) =>
      coverage?.peers.some(({ peer, state }) => state === 'pinned' && !this.#byCopy.has(`${cid} ${peer}`))
        ? [cid]
        : [],
    );
    const asked = fresh.filter((cid) => !this.left.includes(cid));
    if (asked.length === 0) return;
    const { proofs } = await this.#options.prover.prove(asked);
    this.#add(proofs.filter(({ cid, peer }) => !this.#byCopy.has(`${cid} ${peer}`)));
  }

  #add(proofs: readonly CopyProof[]): void {
    for (const proof of proofs) {
      const { cid, peer, verdict, why } = proof;
      const key = `${cid} ${peer}`;
      const known = this.#byCopy.get(key) ?? [];
      // What one peer lacks is known, though it could not be asked a second time.
      if (known.some(isRefuted) && verdict === 'unreachable') continue;
      this.#byCopy.set(key, isWhole(proof) ? [proof] : [...known, proof]);
      if (isRefuted(proof)) this.#refuted.add(cid, peer, why);
      // A draw that finds nothing takes back nothing that another one found.
      if (isWhole(proof) && verdict === 'proved') this.#refuted.delete(cid, peer);
    }
  }
}

function isRefuted({ verdict }: CopyProof): boolean {
  return verdict === 'refuted';
}

function isWhole({ share }: CopyProof): boolean {
  return share?.from === 0 && share.to === 1;
}
