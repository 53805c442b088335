import type { CombinedRequest } from '../desired/combined-request.ts';
import { asItIs, type Claim, hasEnded, priorMaker, readClaims } from '../target/claim-metadata.ts';
import type { ExistingPin } from '../target/pin-state.ts';
import type { TargetInfo } from '../target/target.ts';
import type { PlanRules } from './step.ts';

/** Who wants one CID from now on. */
export interface Claims {
  /** What this owner wants: its requests, and earlier ones that nobody withdrew. */
  readonly own: readonly Claim[];
  /** What others want, the maker of a pin that was there before included. */
  readonly others: readonly Claim[];
  /** What this owner wanted and wants no more. */
  readonly gone: readonly Claim[];
  /** The pin was not made by Holdfast and is to be left alone. */
  readonly foreign: boolean;
}

export interface ClaimsInput {
  readonly pin: ExistingPin | undefined;
  readonly request: CombinedRequest | undefined;
  readonly owner: string;
  readonly info: TargetInfo;
  readonly now: number;
  readonly rules: PlanRules;
}

export function claimsOf({ pin, request, owner, info, now, rules }: ClaimsInput): Claims {
  const alive = (claim: Claim) => !hasEnded(claim, now);
  const asked = request?.claims ?? [];
  const known = pin === undefined ? [] : readClaims(pin);
  const before = known.filter((claim) => claim.owner === owner);
  const unasked = before.filter((old) => !asked.some(({ id }) => id === old.id));
  const kept = unasked.filter((old) => alive(old) && !rules.prune && !rules.withdrawn?.includes(old.id));
  const own = [...asked.filter(alive), ...kept];
  const gone = before.filter((old) => !own.some(({ id }) => id === old.id));
  const others = known.filter((claim) => claim.owner !== owner);
  if (pin === undefined || known.length > 0) return { own, others, gone, foreign: false };
  // Where a target keeps no metadata, nobody can tell whose a pin is: it may grow, and never shrinks.
  const join = rules.foreign === 'join' || info.forgets?.includes('metadata') === true;
  return { own, others: join ? [asItIs(pin, priorMaker)] : [], gone, foreign: !join };
}
