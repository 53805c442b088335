/**
 * What the other packages of this workspace use besides the public API. Outside SemVer: a patch release may change or remove any of it.
 *
 * @module
 */
export { planOnTarget } from './plan/plan-on-target.ts';
export { isOwn } from './target/claim-metadata.ts';
export { RefutedCopies, withRefuted } from './target/refuted-copies.ts';
