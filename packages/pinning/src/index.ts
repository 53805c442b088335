// Keep datasets pinned

export { type ApplyOptions, applyPlan } from './apply/apply.ts';
export type { ApplyReport, CidResult } from './apply/apply-report.ts';
export type { CombinedRequest } from './desired/combined-request.ts';
export type { Copies, PinRequest } from './desired/request.ts';
export { copiesFor, type TierOverrides, tiers } from './desired/tier.ts';
export { type Availability, availabilityOf } from './heal/availability.ts';
export {
  type HealedCid,
  type HealOptions,
  type HealReport,
  heal,
  type PinOptions,
  type PinReport,
  pin,
} from './heal/heal.ts';
export {
  type CidStatus,
  eachStatus,
  type Health,
  pinStatus,
  type StatusOptions,
  type StatusReport,
} from './heal/status.ts';
export type { Coverage, Outcome } from './observed/coverage.ts';
// The steps one by one
export { type ObservationScope, observeFor } from './observed/observation.ts';
export type { PeerExplanation } from './observed/peer-explanation.ts';
export type { CapacityProblem, CapacityReport } from './plan/capacity.ts';
export { type PlanContext, planPins } from './plan/plan.ts';
export { isChange, type Plan, type Step, type StepKind, summarize } from './plan/step.ts';
// What happens, and what went wrong
export type { OnProgress, PinningEvent } from './progress/event.ts';
export { PinningMetrics } from './progress/metrics.ts';
export { PinningError, type PinningErrorCode } from './target/pinning-error.ts';
export type { CallOptions, PinTarget, TargetInfo } from './target/target.ts';
// Targets
export { ClusterTarget, type ClusterTargetOptions } from './targets/cluster/cluster-target.ts';
export { KuboTarget, type KuboTargetOptions } from './targets/kubo/kubo-target.ts';
export { LocalTarget, type LocalTargetOptions } from './targets/local/local-target.ts';
export {
  PinningServiceTarget,
  type PinningServiceTargetOptions,
} from './targets/pinning-service/pinning-service-target.ts';
