/**
 * What the other packages of this workspace use besides the public API. Outside SemVer: a patch release may change or remove any of it.
 *
 * @module
 */
export { coverageOf, worst } from './observed/coverage.ts';
export { explainPeer } from './observed/peer-explanation.ts';
export { checkCapacity } from './plan/capacity.ts';
export { type Claim, claimsKey, isOwn, ownerKey, readClaims } from './target/claim-metadata.ts';
