// Apart from the rest of the bundle, and loaded on first use: what asks peers for their copies, with libp2p.
import { ProofSession, TargetProver } from '@holdfast/datasets/proof';
import type { CidResult, PinTarget } from '@holdfast/pinning';
import { keepHeapSmall } from '@holdfast/retrieval/node';
import { proofLines } from './proof-lines.ts';
import type { ProofOptions, ProofPorts, RunProofs } from './proofs.ts';

export { phaseVerifier } from '@holdfast/datasets/proof';

const longestMs = 600_000;

/** Opens the proofs of a run over one target. Nothing is dialled before the first copy is asked for. */
export function openProofs(
  target: PinTarget,
  options: ProofOptions,
  { commit, at, signal, log }: ProofPorts,
): RunProofs {
  const { proveBlocks: blocks, proveBytes: maxBytes, timeoutMs } = options;
  keepHeapSmall();
  const seed = `${commit} ${new Date(at).toISOString()}`;
  // What is left of the time is for pinning.
  const deadlineMs = Math.min(longestMs, timeoutMs / 3);
  const prove = options.prove === 'require' ? 'require' : 'auto';
  const prover = new TargetProver(target, { seed, blocks, maxBytes, deadlineMs, signal });
  const session = new ProofSession(target, { prover, prove, signal });
  return {
    target: session.target,
    look: (cids) => session.look(cids),
    async settle(results: readonly CidResult[]) {
      const isMoved = await session.settle(results);
      for (const line of proofLines(session.proofs, session.repairs, session.left)) log(line);
      return isMoved;
    },
    found: () => ({ proofs: session.proofs, repairs: session.repairs, left: session.left }),
    close: () => prover.close(),
  };
}
