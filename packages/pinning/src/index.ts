// Keep datasets pinned

export type { ApplyReport, CidResult } from './apply/apply-report.ts';
export type { Copies, PinRequest } from './desired/request.ts';
export { copiesFor, tiers } from './desired/tier.ts';
export { type EachPinnedOptions, eachPinned } from './heal/each-pinned.ts';
export {
  type HealOptions,
  type HealReport,
  heal,
  type PinOptions,
  type PinReport,
  pin,
} from './heal/heal.ts';
export { type MovedCid, type MoveOptions, type MoveOutcome, moveCopies } from './move/move-copies.ts';
export type { Coverage, Outcome } from './observed/coverage.ts';
export type { PeerExplanation } from './observed/peer-explanation.ts';

// Roll them out in phases

export type { Phase } from './rollout/phase.ts';
export { type RollBackOptions, rollBack } from './rollout/roll-back.ts';
export type { RolledBack } from './rollout/roll-back-plan.ts';
export { rollOut } from './rollout/roll-out.ts';
export type { OpenPhase, RolloutEvent, RolloutOptions, VerifyPhase } from './rollout/rollout-options.ts';
export type { PhaseCheck, RolledDataset, RolloutOutcome, RolloutReport } from './rollout/rollout-report.ts';
export { type RolloutState, rolloutState } from './rollout/rollout-state.ts';

// See how they are

export { availabilityOf } from './heal/availability.ts';
export {
  type CidStatus,
  eachStatus,
  pinStatus,
  type StatusOptions,
  type StatusReport,
} from './heal/status.ts';

// One step at a time

export { type ApplyOptions, applyPlan } from './apply/apply.ts';
export { type LookAgainOptions, lookAgain } from './apply/look-again.ts';
export { observeFor } from './observed/observation.ts';
export { type PlanContext, planPins } from './plan/plan.ts';
export { isChange, type Plan, type Step, type StepKind, summarize } from './plan/step.ts';

// Targets

export type { PinTarget, TargetInfo } from './target/target.ts';
export { ClusterTarget, type ClusterTargetOptions } from './targets/cluster/cluster-target.ts';
export type { GroupMember } from './targets/group/member.ts';
export { TargetGroup, type TargetGroupOptions } from './targets/group/target-group.ts';
export { KuboTarget, type KuboTargetOptions } from './targets/kubo/kubo-target.ts';
export { LocalTarget, type LocalTargetOptions } from './targets/local/local-target.ts';
export {
  PinningServiceTarget,
  type PinningServiceTargetOptions,
} from './targets/pinning-service/pinning-service-target.ts';

// What happens, and what went wrong

export type { OnProgress, PinningEvent } from './progress/event.ts';
export { PinningMetrics } from './progress/metrics.ts';
export { PinningError, type PinningErrorCode } from './target/pinning-error.ts';
