/**
 * What the other packages of this workspace use besides the public API. Outside SemVer: a patch release may change or remove any of it.
 *
 * @module
 */
export { type ApplyBalanceOptions, applyBalance, type BalancedCopy } from './balance/apply-balance.ts';
export { type BalanceMove, type BalancePlan, balancePlan } from './balance/balance-plan.ts';
export {
  type Distribution,
  distributionOf,
  type PeerLoad,
  type RegionLoad,
} from './observed/distribution.ts';
export { planOnTarget } from './plan/plan-on-target.ts';
export { isOwn } from './target/claim-metadata.ts';
export { delegatedTarget } from './target/delegated-target.ts';
export { RefutedCopies, withRefuted } from './target/refuted-copies.ts';
