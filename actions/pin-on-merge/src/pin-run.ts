import {
  type ApplyReport,
  applyPlan,
  type Clock,
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
  if (mode === 'all') return { plan, info };
  const wanted = (step: Step) => step.ids.some((id) => changed.has(id)) || wishes.has(step.kind);
  return { plan: { ...plan, steps: plan.steps.filter(wanted) }, info };
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

/** CIDs that a plan would bring to the target: their content must be looked at first. */
export function newcomers(plan: Plan): Step[] {
  return plan.steps.filter((step) => step.kind === 'pin');
}

export function withoutSteps(plan: Plan, cids: ReadonlySet<string>): Plan {
  return cids.size === 0 ? plan : { ...plan, steps: plan.steps.filter((step) => !cids.has(step.cid)) };
}
