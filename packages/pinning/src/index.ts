export {
  type Auth,
  type AuthSource,
  type BackOff,
  type BreakerOptions,
  type Clock,
  defaultBackOff,
  systemClock,
} from '@holdfast/http';
export { type ApplyOptions, applyPlan } from './apply/apply.ts';
export type { ApplyReport, CidResult } from './apply/apply-report.ts';
export type { CombinedRequest } from './desired/combined-request.ts';
export type { Copies, PinRequest } from './desired/request.ts';
export { assertCopies, copiesFor, type Tier, type TierOverrides, tiers } from './desired/tier.ts';
export { type Availability, assumedPeerAvailability, availabilityOf } from './heal/availability.ts';
export { type HealedCid, type HealOptions, type HealReport, heal } from './heal/heal.ts';
export {
  type CidStatus,
  eachStatus,
  type Health,
  pinStatus,
  type StatusOptions,
  type StatusReport,
} from './heal/status.ts';
export { type Coverage, coverageOf, type Outcome, worst } from './observed/coverage.ts';
export { type ObservationScope, observeFor } from './observed/observation.ts';
export { explainPeer, type PeerExplanation } from './observed/peer-explanation.ts';
export { type CapacityProblem, type CapacityReport, checkCapacity } from './plan/capacity.ts';
export { type PlanContext, planPins } from './plan/plan.ts';
export { isChange, type Plan, type PlanRules, type Step, type StepKind, summarize } from './plan/step.ts';
export type { OnProgress, PinningEvent } from './progress/event.ts';
export { PinningMetrics } from './progress/metrics.ts';
export { type Claim, claimsKey, isOwn, ownerKey, readClaims } from './target/claim-metadata.ts';
export type { ExistingPin, PeerCopy, PeerState, PinState } from './target/pin-state.ts';
export { PinningError, type PinningErrorCode, type PinningErrorDetails } from './target/pinning-error.ts';
export type {
  CallOptions,
  ObserveOptions,
  PinTarget,
  TargetInfo,
  TargetPeer,
  WantedPin,
} from './target/target.ts';
export type { AddCarOptions, AddedCar, CarSource } from './targets/cluster/car-upload.ts';
export type { ClusterAlert, ClusterMetric, ClusterPeer, HealthGraph } from './targets/cluster/client.ts';
export { ClusterTarget, type ClusterTargetOptions } from './targets/cluster/cluster-target.ts';
export type { ClusterPinOptions } from './targets/cluster/pin-query.ts';
export { KuboTarget, type KuboTargetOptions } from './targets/kubo/kubo-target.ts';
export type { KuboNodeOptions } from './targets/kubo/node.ts';
export type { Block } from './targets/local/car-blocks.ts';
export { LocalTarget, type LocalTargetOptions } from './targets/local/local-target.ts';
export {
  PinningServiceTarget,
  type PinningServiceTargetOptions,
} from './targets/pinning-service/pinning-service-target.ts';
export type { ApiOptions } from './targets/target-client.ts';
