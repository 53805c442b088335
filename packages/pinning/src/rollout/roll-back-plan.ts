import type { CidResult } from '../apply/apply-report.ts';
import { type ObservationScope, observeFor } from '../observed/observation.ts';
import { planPins } from '../plan/plan.ts';
import type { Plan } from '../plan/step.ts';
import { readClaims } from '../target/claim-metadata.ts';
import type { PinTarget } from '../target/target.ts';

/** Which rollouts under way are given up: by the id of their request, or all of this owner. */
export interface RollBackScope extends Pick<ObservationScope, 'owner' | 'signal'> {
  readonly ids?: readonly string[] | undefined;
  /** What an id belongs to; `ids` then takes all that belongs to them. Default: the id itself. */
  readonly together?: ((id: string) => string) | undefined;
  /** Where they are known; all that the target keeps is looked through otherwise. */
  readonly cids?: readonly string[] | undefined;
}

export interface RolledBack {
  readonly cid: string;
  /** The versions whose claims were to go. */
  readonly ids: readonly string[];
  readonly ok: boolean;
  /** One sentence. */
  readonly reason: string;
}

export interface RollBackPlan {
  readonly plan: Plan;
  /** What became of it once the plan was applied. */
  rolledBack(results: readonly CidResult[]): RolledBack[];
}

/** Gives up the claims of rollouts under way, and nothing else. */
export async function rollBackPlan(
  target: PinTarget,
  { ids, cids, owner, signal, together = (id) => id }: RollBackScope,
  now: () => number,
): Promise<RollBackPlan> {
  const info = await target.inspect({ signal });
  const scope = { owner, signal, cids, everything: cids === undefined };
  const observed = await observeFor([], target, scope);
  const rolling = observed.flatMap((state) => {
    const claims = state.pin === undefined ? [] : readClaims(state.pin);
    const gone = claims.filter(
      (claim) =>
        claim.owner === owner &&
        claim.phase !== undefined &&
        (ids === undefined || ids.includes(together(claim.id))),
    );
    return gone.length > 0 ? [{ state, ids: gone.map(({ id }) => id) }] : [];
  });
  const withdrawn = rolling.flatMap((each) => each.ids);
  const states = rolling.map(({ state }) => state);
  return {
    plan: planPins([], states, { owner, info, at: new Date(now()), withdrawn }),
    rolledBack(results) {
      const byCid = new Map(results.map((result) => [result.cid, result]));
      return rolling.map(({ state: { cid }, ids: gone }) => ({
        cid,
        ids: gone,
        ...outcomeOf(byCid.get(cid)),
      }));
    },
  };
}

function outcomeOf(result: CidResult | undefined): Pick<RolledBack, 'ok' | 'reason'> {
  if (result === undefined) return { ok: false, reason: 'it was not looked at' };
  if (result.error !== undefined) return { ok: false, reason: result.error.message };
  const isGone = result.step === 'unpin';
  if (isGone && result.outcome !== 'satisfied') return { ok: false, reason: result.reason };
  return {
    ok: true,
    reason: isGone ? 'nothing of it is asked for any more' : 'its claim is gone; others still want it',
  };
}
