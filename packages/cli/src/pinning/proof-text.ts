import type { Repair } from '@holdfast/datasets/proof';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import type { CopyProof, ProofVerdict } from '@holdfast/retrieval/proof';
import type { Paint } from '../frame/paint.ts';
import { pick } from '../frame/pick.ts';

// The members that `--json` documents promise. Each is always present, and null if it has no value.

export function proofShape(proof: CopyProof) {
  return {
    ...pick(proof, ['cid', 'peer', 'verdict', 'why', 'blocks', 'bytes', 'lost', 'missing', 'damaged']),
    name: proof.name ?? null,
    region: proof.region ?? null,
    draws: proof.draws ?? null,
    lostDraws: proof.lostDraws ?? null,
    share: proof.share ?? null,
    findsLossOf5: proof.findsLossOf5 ?? null,
    uneven: proof.uneven ?? false,
    ...pick(proof, ['seed', 'at', 'ms', 'longestMs']),
  };
}

export function repairShape({ cid, peer, name, ok, did, todo }: Repair) {
  return { cid, peer, name: name ?? null, ok, did, todo: todo ?? null };
}

const marks = {
  proved: ['green', '✓'],
  refuted: ['red', '✗'],
  unreachable: ['yellow', '?'],
} as const satisfies Record<ProofVerdict, readonly [keyof Paint, string]>;

/** A line for each copy of one dataset, under its name. */
export function proofLines(proofs: readonly CopyProof[], paint: Paint): string[] {
  return proofs.map((proof) => {
    const [colour, mark] = marks[proof.verdict];
    const who = escapeText(proof.name ?? proof.peer);
    const where = proof.region === undefined ? '' : ` in ${escapeText(proof.region)}`;
    return `    ${paint[colour](mark)} ${who}${where} ${proof.verdict}: ${said(proof)}`;
  });
}

function said(proof: CopyProof): string {
  const { verdict, why, draws, lostDraws, blocks, ms, share } = proof;
  if (verdict === 'unreachable') return escapeText(why);
  if (verdict === 'refuted') {
    const part = draws === undefined ? '' : ` (${lostDraws} of ${count(draws, 'draw')})`;
    return `${escapeText(why)}${part}`;
  }
  const what = share === undefined ? '' : share.from === 0 && share.to === 1 ? ', all there are,' : '';
  return `${count(blocks, 'block')}${what} in ${(ms / 1000).toFixed(1)} s, ${bytes(proof.bytes)}`;
}

/** What the draw is worth, said once for a run. */
export function worthText(proofs: readonly CopyProof[]): string {
  const drawn = proofs.find(({ findsLossOf5 }) => findsLossOf5 !== undefined);
  if (drawn?.findsLossOf5 === undefined) return '';
  // Rounded down: 99.96 % is not 100 %.
  const percent = (Math.floor(drawn.findsLossOf5 * 1000) / 10).toFixed(1);
  return `a copy that lost 5 % of its bytes would be found with ${percent} % (${count(drawn.draws ?? 0, 'draw')} each)`;
}

export function repairLines(repairs: readonly Repair[], paint: Paint): string[] {
  return repairs.flatMap(({ name, peer, ok, did, todo }) => {
    const who = escapeText(name ?? peer);
    const first = `    ${ok ? paint.green('✓') : paint.red('✗')} ${who} ${ok ? 'repaired' : 'not repaired'}: ${escapeText(did)}`;
    return todo === undefined ? [first] : [first, `      help: ${escapeText(todo)}`];
  });
}

/** Proofs by the dataset they are of. */
export function byCid(proofs: readonly CopyProof[]): ReadonlyMap<string, readonly CopyProof[]> {
  const grouped = new Map<string, CopyProof[]>();
  for (const proof of proofs) {
    const known = grouped.get(proof.cid);
    if (known === undefined) grouped.set(proof.cid, [proof]);
    else known.push(proof);
  }
  return grouped;
}

/** Copies that could not be shown, with what was done for each. */
export function sickLines(proofs: readonly CopyProof[], repairs: readonly Repair[], paint: Paint): string[] {
  const refuted = proofs.filter(({ verdict }) => verdict === 'refuted');
  const stillSick = refuted.filter(
    ({ cid, peer }) => !repairs.some((repair) => repair.cid === cid && repair.peer === peer),
  );
  return [...repairLines(repairs, paint), ...proofLines(stillSick, paint)];
}

/** One line: how many copies were shown, and what that is worth. */
export function provedText(proofs: readonly CopyProof[], left: readonly string[]): string {
  // A copy may have two: of a draw, and of the part that is due. The worse one counts.
  const worst = new Map<string, ProofVerdict>();
  for (const { cid, peer, verdict } of proofs) {
    const known = worst.get(`${cid} ${peer}`);
    if (known === undefined || known === 'proved' || verdict === 'refuted')
      worst.set(`${cid} ${peer}`, verdict);
  }
  const of = (verdict: ProofVerdict) => [...worst.values()].filter((each) => each === verdict).length;
  const [refuted, unreachable] = [of('refuted'), of('unreachable')];
  const parts = [
    `${of('proved')} of ${count(worst.size, 'copy', 'copies')} proved`,
    ...(refuted > 0 ? [`${refuted} refuted`] : []),
    ...(unreachable > 0 ? [`${unreachable} could not be asked`] : []),
    ...(left.length > 0 ? [`${count(left.length, 'dataset')} left for the next run`] : []),
  ];
  const worth = worthText(proofs);
  return `${parts.join(', ')}${worth === '' ? '' : `: ${worth}`}`;
}
