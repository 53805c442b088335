import type { Repair } from '@holdfast/datasets/proof';
import type { CopyProof, ProofVerdict } from '@holdfast/retrieval/proof';

/** For the log: what each copy that is not proved said, what was done, and the counts. */
export function proofLines(
  proofs: readonly CopyProof[],
  repairs: readonly Repair[],
  left: readonly string[],
): string[] {
  if (proofs.length === 0 && left.length === 0) return [];
  const of = (verdict: ProofVerdict) => proofs.filter((proof) => proof.verdict === verdict).length;
  const sick = proofs.filter(({ verdict }) => verdict !== 'proved');
  const counts = (['proved', 'refuted', 'unreachable'] as const)
    .filter((verdict) => verdict === 'proved' || of(verdict) > 0)
    .map((verdict) => `${of(verdict)} ${verdict}`);
  return [
    `Proofs: ${counts.join(', ')}${left.length === 0 ? '' : `; ${left.length} datasets left for the next run`}`,
    ...sick.map(({ name, peer, cid, verdict, why }) => `  ${verdict} ${name ?? peer}: ${why} (${cid})`),
    ...repairs.flatMap(({ name, peer, ok, did, todo }) => [
      `  ${ok ? 'repaired' : 'not repaired'} ${name ?? peer}: ${did}`,
      ...(todo === undefined ? [] : [`    → ${todo}`]),
    ]),
  ];
}
