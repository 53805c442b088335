import type { PinRequest } from '../desired/request.ts';
import { type ObservationScope, observeFor } from '../observed/observation.ts';
import type { PinState } from '../target/pin-state.ts';
import type { PinTarget, TargetInfo } from '../target/target.ts';
import { planPins } from './plan.ts';
import type { Plan } from './step.ts';

export interface TargetPlanOptions extends ObservationScope {
  readonly now: () => Date;
  readonly withdrawn?: readonly string[] | undefined;
}

export interface TargetPlan {
  readonly plan: Plan;
  readonly info: TargetInfo;
  readonly observed: readonly PinState[];
}

/** Desired minus what the target says now. Scripts, the command line and the merge all plan this way. */
export async function planOnTarget(
  requests: readonly PinRequest[],
  target: PinTarget,
  { now, withdrawn, ...scope }: TargetPlanOptions,
): Promise<TargetPlan> {
  const { owner, signal } = scope;
  const info = await target.inspect(signal === undefined ? {} : { signal });
  const observed = await observeFor(requests, target, scope);
  return { plan: planPins(requests, observed, { owner, info, at: now(), withdrawn }), info, observed };
}
