import {
  type ApplyReport,
  applyPlan,
  type Clock,
  isChange,
  isOwn,
  observeFor,
  type PinningEvent,
  type PinTarget,
  type Plan,
  planPins,
  type Step,
  type StepKind,
  type TargetInfo,
} from '@holdfast/pinning';
import type { Desired } from './desired.ts';

export interface PlanScope {
  readonly owner: string;
  readonly mode: 'changed' | 'all';
  /** Ids that the push changed. */
  readonly changed: ReadonlySet<string>;
  readonly onWithdraw: 'keep' | 'unpin';
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface PlannedRun {
  readonly plan: Plan;
  readonly info: TargetInfo;
  /** CIDs that the target keeps for this repository already. */
  readonly own: ReadonlySet<string>;
}

/** What a merge asks for, as opposed to what peers have lost since. */
const wishes: ReadonlySet<StepKind> = new Set([
  'pin',
  'raise',
  'lower',
  'extend',
  'update',
  'unpin',
  'release',
]);

/**
 * Desired minus observed. With `changed` the plan is of what the push changed, and of wishes that were merged before
 * and never carried out: GitHub drops a waiting run when a newer one comes, so a push may have to do for two.
 */
export async function planRun(desired: Desired, target: PinTarget, scope: PlanScope): Promise<PlannedRun> {
  const { owner, mode, changed, onWithdraw, clock, signal } = scope;
  const info = await target.inspect({ signal });
  const cids = desired.withdrawn.flatMap((id) => desired.byId.get(id)?.manifest.dataset.cid ?? []);
  const observed = await observeFor(desired.requests, target, { owner, cids, signal });
  const withdrawn = onWithdraw === 'unpin' ? desired.withdrawn : [];
  const plan = planPins(desired.requests, observed, { owner, info, now: clock.now(), withdrawn });
  const own = new Set(observed.flatMap((state) => (isOwn(state.pin, owner) ? [state.cid] : [])));
  if (mode === 'all') return { plan, info, own };
  const wanted = (step: Step) => step.ids.some((id) => changed.has(id)) || wishes.has(step.kind);
  return { plan: { ...plan, steps: plan.steps.filter(wanted) }, info, own };
}

/** Without a target to ask, the plan for one that has nothing. */
export function planForNothing(
  desired: Desired,
  scope: Pick<PlanScope, 'owner' | 'changed' | 'mode' | 'clock'>,
): Plan {
  const { owner, changed, mode, clock } = scope;
  const info: TargetInfo = { kind: 'cluster', peers: [] };
  const plan = planPins(desired.requests, [], { owner, info, now: clock.now() });
  if (mode === 'all') return plan;
  return { ...plan, steps: plan.steps.filter((step) => step.ids.some((id) => changed.has(id))) };
}

export interface ApplyScope {
  readonly deadlineMs: number;
  readonly concurrency: number;
  readonly wait: 'min' | 'max' | 'none';
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the run early; what was done by then stays. */
  readonly signal: AbortSignal;
  readonly onProgress: (event: PinningEvent) => void;
}

/** Fewer copies now are better than none: where peers are short the copies that can be made are made, and called degraded. */
export function applyRun(plan: Plan, target: PinTarget, scope: ApplyScope): Promise<ApplyReport> {
  return applyPlan(plan, target, { ...scope, shortage: 'degrade' });
}

/** What a plan would keep for this repository that it has not kept yet: the content must be looked at first, whoever else has it. */
export function newcomers({ plan, own }: PlannedRun): Step[] {
  return plan.steps.filter((step) => step.wanted !== undefined && isChange(step) && !own.has(step.cid));
}

export function withoutSteps(plan: Plan, cids: ReadonlySet<string>): Plan {
  return cids.size === 0 ? plan : { ...plan, steps: plan.steps.filter((step) => !cids.has(step.cid)) };
}
