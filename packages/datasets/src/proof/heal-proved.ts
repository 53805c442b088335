import { systemClock } from '@holdfast/http';
import {
  type ApplyReport,
  availabilityOf,
  type HealOptions,
  type HealReport,
  heal,
  lookAgain,
  type PinRequest,
  type PinTarget,
} from '@holdfast/pinning';
import type { CopyProof } from '@holdfast/retrieval/proof';
import { ProofSession, type Repair, type SessionOptions } from './proof-session.ts';

export type ProvedHealOptions = HealOptions & Pick<SessionOptions, 'prover' | 'prove'>;

export interface ProvedHealReport extends HealReport {
  /** What each copy showed at last. */
  readonly proofs: readonly CopyProof[];
  readonly repairs: readonly Repair[];
  /** CIDs that the budget left no room for. */
  readonly left: readonly string[];
}

/**
 * Heals what was proved, not what was said: a copy that cannot be shown is no copy. First others are made elsewhere, then its
 * peer is made to fetch again what it lost, then it is asked again; and so is every copy that was made.
 */
export async function healProved(
  requests: readonly PinRequest[],
  target: PinTarget,
  { prover, prove, ...options }: ProvedHealOptions,
): Promise<ProvedHealReport> {
  const { clock = systemClock, deadlineMs, signal, random = Math.random } = options;
  const endsAt = deadlineMs === undefined ? undefined : clock.now() + deadlineMs;
  const session = new ProofSession(target, { prover, prove, signal });
  await session.look(requests.map(({ cid }) => cid));
  const leftMs = endsAt === undefined ? undefined : Math.max(0, endsAt - clock.now());
  const healed = await heal(requests, session.target, { ...options, deadlineMs: leftMs });
  const isMoved = await session.settle(healed.applied.results);
  const again = { signal, clock, random, shortAsWell: true };
  const applied = isMoved
    ? await lookAgain(healed.applied, healed.plan, session.target, again)
    : healed.applied;
  const { proofs, repairs, left } = session;
  return { ...healed, applied, items: itemsAfter(healed, applied), proofs, repairs, left };
}

function itemsAfter({ items }: HealReport, { results }: ApplyReport): HealReport['items'] {
  const latest = new Map(results.map((result) => [result.cid, result]));
  return items.map((item) => {
    const now = latest.get(item.cid);
    if (now === undefined) return item;
    const copies = now.coverage?.copies ?? item.after.copies;
    const { outcome, reason } = now;
    return { ...item, outcome, reason, after: availabilityOf(copies, item.after.peer) };
  });
}
