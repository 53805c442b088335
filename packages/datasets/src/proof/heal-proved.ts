import { type Clock, pooled, systemClock } from '@holdfast/http';
import {
  type ApplyReport,
  type HealOptions,
  type HealReport,
  heal,
  lookAgain,
  PinningError,
  type PinRequest,
  type PinTarget,
} from '@holdfast/pinning';
import { RefutedCopies, withRefuted } from '@holdfast/pinning/internal';
import type { CopyProof } from '@holdfast/retrieval/proof';
import type { TargetProver } from './target-prover.ts';

export interface ProvedHealOptions extends HealOptions {
  readonly prover: TargetProver;
  /** What a copy is worth that could not be asked. `auto`: as much as its peer says; `require`: nothing. */
  readonly prove: 'auto' | 'require';
}

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

export interface ProvedHealReport extends HealReport {
  /** What each copy showed at last. */
  readonly proofs: readonly CopyProof[];
  readonly repairs: readonly Repair[];
  /** CIDs that the budget left no room for. */
  readonly left: readonly string[];
}

const repairsAtOnce = 4;
const handWork = 'see to its node: `ipfs repo verify --heal` there replaces what is damaged';

/**
 * Heals what was proved, not what was said: a copy that cannot be shown is no copy. First others are made elsewhere, then its
 * peer is made to fetch again what it lost, then it is asked again; and so is every copy that was made.
 */
export async function healProved(
  requests: readonly PinRequest[],
  target: PinTarget,
  { prover, prove, ...options }: ProvedHealOptions,
): Promise<ProvedHealReport> {
  const { clock = systemClock, deadlineMs, signal } = options;
  const endsAt = deadlineMs === undefined ? undefined : clock.now() + deadlineMs;
  const proofs = new Proofs();
  const refuted = new RefutedCopies();
  const { proofs: first, left } = await prover.prove(requests.map(({ cid }) => cid));
  proofs.add(first, refuted);
  const seen = withRefuted(target, refuted);
  const leftMs = () => (endsAt === undefined ? undefined : Math.max(0, endsAt - clock.now()));
  const healed = await heal(requests, seen, { ...options, deadlineMs: leftMs() });
  const repairs = await repairCopies(healed.applied, { target, prover, proofs, refuted, signal });
  await proveNew(healed.applied, { prover, proofs, refuted });
  if (prove === 'require') proofs.refuteUnknown(refuted);
  const isMoved = refuted.size > 0 || repairs.length > 0;
  const latest = isMoved ? await looked(healed, seen, { ...options, clock }) : healed.applied;
  return {
    ...healed,
    applied: latest,
    items: itemsAfter(healed, latest),
    proofs: proofs.all,
    repairs,
    left,
  };
}

/** The proofs of each copy: of a draw, and of a part where one was due. One of the whole takes the place of both. */
class Proofs {
  readonly #byCopy = new Map<string, CopyProof[]>();

  get all(): CopyProof[] {
    return [...this.#byCopy.values()].flat();
  }

  add(proofs: readonly CopyProof[], refuted: RefutedCopies): void {
    for (const proof of proofs) {
      const key = `${proof.cid} ${proof.peer}`;
      const known = this.#byCopy.get(key) ?? [];
      // What one peer lacks is known, though it could not be asked a second time.
      if (known.some(isRefuted) && proof.verdict === 'unreachable') continue;
      this.#byCopy.set(key, isWhole(proof) ? [proof] : [...known, proof]);
      if (isRefuted(proof)) refuted.add(proof.cid, proof.peer, proof.why);
      // A draw that finds nothing takes back nothing that another one found.
      if (isWhole(proof) && proof.verdict === 'proved') refuted.delete(proof.cid, proof.peer);
    }
  }

  has(cid: string, peer: string): boolean {
    return this.#byCopy.has(`${cid} ${peer}`);
  }

  get refuted(): CopyProof[] {
    return [...this.#byCopy.values()].flatMap((proofs) => proofs.find(isRefuted) ?? []);
  }

  refuteUnknown(refuted: RefutedCopies): void {
    for (const { cid, peer, verdict, why } of this.all)
      if (verdict === 'unreachable') refuted.add(cid, peer, `it could not be asked: ${why}`);
  }
}

function isRefuted({ verdict }: CopyProof): boolean {
  return verdict === 'refuted';
}

function isWhole({ share }: CopyProof): boolean {
  return share?.from === 0 && share.to === 1;
}

interface RepairPorts {
  readonly target: PinTarget;
  readonly prover: TargetProver;
  readonly proofs: Proofs;
  readonly refuted: RefutedCopies;
  readonly signal?: AbortSignal | undefined;
}

async function repairCopies(applied: ApplyReport, ports: RepairPorts): Promise<Repair[]> {
  const repairs: Repair[] = [];
  const copies = new Map(applied.results.map(({ cid, coverage }) => [cid, coverage?.copies ?? 0]));
  await pooled(ports.proofs.refuted, repairsAtOnce, async (proof) => {
    const { cid, peer, name } = proof;
    const known = { cid, peer, ...(name !== undefined && { name }) };
    // Without another copy there is nothing to repair it from, and a repair could lose what is left.
    if ((copies.get(cid) ?? 0) === 0)
      repairs.push({
        ...known,
        ok: false,
        did: 'nothing: no other copy is there to repair it from',
        todo: 'publish the content again (`holdfast publish`), then heal',
      });
    else repairs.push({ ...known, ...(await repairCopy(proof, ports)) });
  });
  return repairs;
}

async function repairCopy(
  { cid, peer }: CopyProof,
  { target, prover, proofs, refuted, signal }: RepairPorts,
): Promise<Omit<Repair, 'cid' | 'peer' | 'name'>> {
  if (target.repair === undefined)
    return {
      ok: false,
      did: 'nothing: this kind of target cannot be told to repair a copy',
      todo: 'see to the node, or unpin and pin the dataset there',
    };
  try {
    const [whole] = await prover.proveWhole(cid, [peer]);
    if (whole === undefined) return { ok: false, did: 'nothing: its peer no longer says that it has it' };
    proofs.add([whole], refuted);
    if (whole.verdict !== 'refuted')
      return { ok: whole.verdict === 'proved', did: 'it showed all of it now' };
    const { missing, damaged } = whole;
    const { did, todo } = await target.repair(cid, { peer, missing, damaged }, { signal });
    const after = await prover.proveWhole(cid, [peer]);
    proofs.add(after, refuted);
    const ok = after[0]?.verdict === 'proved';
    return ok ? { ok, did } : { ok, did, todo: todo ?? handWork };
  } catch (error) {
    if (!(error instanceof PinningError) || signal?.aborted) throw error;
    return { ok: false, did: `failed: ${error.message}`, todo: 'see to the node, then heal again' };
  }
}

/** Copies that came to be in this run are shown before they are counted. */
async function proveNew(
  { results }: ApplyReport,
  { prover, proofs, refuted }: Pick<RepairPorts, 'prover' | 'proofs' | 'refuted'>,
): Promise<void> {
  const fresh = results.flatMap(({ cid, coverage }) =>
    coverage?.peers.some(({ peer, state }) => state === 'pinned' && !proofs.has(cid, peer)) ? [cid] : [],
  );
  if (fresh.length === 0) return;
  const { proofs: found } = await prover.prove(fresh);
  proofs.add(
    found.filter(({ cid, peer }) => !proofs.has(cid, peer)),
    refuted,
  );
}

async function looked(
  { applied, plan }: HealReport,
  target: PinTarget,
  { clock, signal, random = Math.random }: Pick<HealOptions, 'signal' | 'random'> & { readonly clock: Clock },
): Promise<ApplyReport> {
  return lookAgain(applied, plan, target, { signal, clock, random, shortAsWell: true });
}

function itemsAfter({ items }: HealReport, { results }: ApplyReport): HealReport['items'] {
  const latest = new Map(results.map((result) => [result.cid, result]));
  return items.map((item) => {
    const now = latest.get(item.cid);
    if (now === undefined) return item;
    const copies = now.coverage?.copies ?? item.after.copies;
    const unavailable = (1 - item.after.peer) ** copies;
    const after = { ...item.after, copies, unavailable, available: 1 - unavailable };
    return { ...item, outcome: now.outcome, reason: now.reason, after };
  });
}
