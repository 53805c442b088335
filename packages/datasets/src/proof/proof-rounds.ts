import type { PinTarget } from '@holdfast/pinning';
import { RefutedCopies, withRefuted } from '@holdfast/pinning/internal';
import type { TargetProver } from './target-prover.ts';

/** How the copies that were asked for showed themselves. */
export interface ProofCounts {
  readonly proved: number;
  readonly refuted: number;
  readonly unreachable: number;
}

/**
 * Proofs over many rounds. A copy that was refuted stays so until all of it was shown: another draw may miss what it lacks, and a
 * peer that cannot be asked has fixed nothing.
 */
export class ProofRounds {
  /** The target as its peers could show it. */
  readonly target: PinTarget;
  readonly #refuted = new RefutedCopies();

  constructor(target: PinTarget) {
    this.target = withRefuted(target, this.#refuted);
  }

  /** One round: a draw from each copy, and all of each copy that was refuted before. */
  async look(cids: readonly string[], prover: TargetProver): Promise<ProofCounts> {
    const before = this.#refuted.of(new Set(cids));
    const { proofs } = await prover.prove(cids);
    const counts = { proved: 0, refuted: 0, unreachable: 0 };
    for (const proof of proofs) {
      counts[proof.verdict] += 1;
      if (proof.verdict === 'refuted') this.#refuted.add(proof.cid, proof.peer, proof.why);
    }
    for (const { cid, peer } of before) {
      const [whole] = await prover.proveWhole(cid, [peer]);
      // It no longer says that it has a copy, or showed all of it.
      if (whole === undefined || whole.verdict === 'proved') this.#refuted.delete(cid, peer);
    }
    return counts;
  }
}
