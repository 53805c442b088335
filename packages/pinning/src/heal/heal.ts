import { Deadline, retry, systemClock } from '@holdfast/http';
import { type ApplyOptions, applyPlan } from '../apply/apply.ts';
import type { ApplyReport } from '../apply/apply-report.ts';
import type { PinRequest } from '../desired/request.ts';
import type { Outcome } from '../observed/coverage.ts';
import { observeFor } from '../observed/observation.ts';
import { planPins } from '../plan/plan.ts';
import type { Plan, PlanRules, StepKind } from '../plan/step.ts';
import type { PinTarget } from '../target/target.ts';
import { type Availability, availabilityOf } from './availability.ts';

export interface HealOptions extends ApplyOptions, PlanRules {
  readonly owner: string;
  /** Of one peer, from 0 to 1, for the arithmetic. */
  readonly peerAvailability?: number;
}

/** One dataset before and after. */
export interface HealedCid {
  readonly cid: string;
  readonly ids: readonly string[];
  readonly name: string;
  readonly did: StepKind;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly before: Availability;
  readonly after: Availability;
}

export interface HealReport {
  readonly plan: Plan;
  readonly applied: ApplyReport;
  readonly items: readonly HealedCid[];
}

/**
 * Observe, plan, apply: recovers what is in error, asks other peers in place of dead ones, tops up. Safe on a
 * schedule and beside another run, since every write is planned from the state just before it. Makes the
 * copies that can be made where peers are short, and says so.
 */
export async function heal(
  desired: readonly PinRequest[],
  target: PinTarget,
  options: HealOptions,
): Promise<HealReport> {
  const { owner, withdrawn, prune, foreign, peerAvailability, ...applying } = options;
  const clock = options.clock ?? systemClock;
  const began = clock.now();
  using deadline = new Deadline(clock, options.deadlineMs, options.signal);
  const call = { signal: deadline.signal };
  const retrying = {
    clock,
    random: options.random ?? Math.random,
    ...call,
    ...(options.backOff !== undefined && { backOff: options.backOff }),
  };
  const info = await retry(() => target.inspect(call), retrying);
  const everything = prune === true || (withdrawn?.length ?? 0) > 0;
  const observed = await retry(() => observeFor(desired, target, { owner, everything, ...call }), retrying);
  const rules = {
    ...(withdrawn !== undefined && { withdrawn }),
    ...(prune !== undefined && { prune }),
    ...(foreign !== undefined && { foreign }),
  };
  const plan = planPins(desired, observed, { owner, info, now: clock.now(), ...rules });
  const left =
    options.deadlineMs === undefined
      ? {}
      : { deadlineMs: Math.max(0, began + options.deadlineMs - clock.now()) };
  const applied = await applyPlan(plan, target, { shortage: 'degrade', ...applying, ...left });
  const steps = new Map(plan.steps.map((step) => [step.cid, step]));
  const items = applied.results.map(({ cid, ids, name, step, outcome, reason, coverage }) => ({
    cid,
    ids,
    name,
    did: step,
    outcome,
    reason,
    before: availabilityOf(steps.get(cid)?.had.copies ?? 0, peerAvailability),
    after: availabilityOf(coverage?.copies ?? 0, peerAvailability),
  }));
  return { plan, applied, items };
}
