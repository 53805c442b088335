export {
  type Auth,
  type AuthSource,
  type BackOff,
  type BreakerOptions,
  type Clock,
  defaultBackOff,
  systemClock,
} from '@holdfast/http';
export { type ApplyOptions, applyPlan } from './apply.ts';
export type { ApplyReport, CidResult } from './apply-report.ts';
export { type Availability, assumedPeerAvailability, availabilityOf } from './availability.ts';
export { type CapacityProblem, type CapacityReport, checkCapacity } from './capacity.ts';
export type { OnProgress, PinningEvent } from './event.ts';
export { explainPeer, type PeerExplanation } from './explanation.ts';
export { type HealedCid, type HealOptions, type HealReport, heal } from './heal.ts';
export { PinningMetrics } from './metrics.ts';
export { type ObservationScope, observeFor } from './observation.ts';
export type { ExistingPin, PeerCopy, PeerState, PinState } from './pin-state.ts';
export { PinningError, type PinningErrorCode, type PinningErrorDetails } from './pinning-error.ts';
export { type PlanContext, planPins } from './plan.ts';
export { isOwn, ownerKey, type Reference, readReferences, referencesKey } from './reference.ts';
export type { Copies, PinRequest } from './request.ts';
export {
  type CidStatus,
  eachStatus,
  type Health,
  pinStatus,
  type StatusOptions,
  type StatusReport,
} from './status.ts';
export { isChange, type Plan, type PlanRules, type Step, type StepKind, summarize } from './step.ts';
export type { CallOptions, ObserveOptions, PinTarget, TargetInfo, TargetPeer, WantedPin } from './target.ts';
export type { AddCarOptions, AddedCar, CarSource } from './targets/cluster/car-upload.ts';
export type { ClusterAlert, ClusterMetric, ClusterPeer, HealthGraph } from './targets/cluster/client.ts';
export type { ClusterPinOptions } from './targets/cluster/pin-query.ts';
export { ClusterTarget, type ClusterTargetOptions } from './targets/cluster.ts';
export type { KuboNodeOptions } from './targets/kubo/node.ts';
export { KuboTarget, type KuboTargetOptions } from './targets/kubo.ts';
export type { Block } from './targets/local/car-blocks.ts';
export { LocalTarget, type LocalTargetOptions } from './targets/local.ts';
export { PinningServiceTarget, type PinningServiceTargetOptions } from './targets/pinning-service.ts';
export type { ApiOptions } from './targets/target-client.ts';
export { assertCopies, copiesFor, type Tier, type TierOverrides, tiers } from './tier.ts';
export { judge, type Outcome, type Verdict, worst } from './verdict.ts';
export type { Wish } from './wish.ts';
