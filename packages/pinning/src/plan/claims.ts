import type { Wish } from '../desired/combined-request.ts';
import { asItIs, hasEnded, priorMaker, type Reference, readReferences } from '../target/claim-metadata.ts';
import type { ExistingPin } from '../target/pin-state.ts';
import type { TargetInfo } from '../target/target.ts';
import type { PlanRules } from './step.ts';

/** Who wants one CID from now on. */
export interface Claim {
  /** What this owner wants: its requests, and earlier ones that nobody withdrew. */
  readonly own: readonly Reference[];
  /** What others want, the maker of a pin that was there before included. */
  readonly others: readonly Reference[];
  /** What this owner wanted and wants no more. */
  readonly gone: readonly Reference[];
  /** The pin was not made by Holdfast and is to be left alone. */
  readonly foreign: boolean;
}

export interface ClaimInput {
  readonly pin: ExistingPin | undefined;
  readonly wish: Wish | undefined;
  readonly owner: string;
  readonly info: TargetInfo;
  readonly now: number;
  readonly rules: PlanRules;
}

export function claimOf({ pin, wish, owner, info, now, rules }: ClaimInput): Claim {
  const alive = (reference: Reference) => !hasEnded(reference, now);
  const asked = wish?.references ?? [];
  const known = pin === undefined ? [] : readReferences(pin);
  const before = known.filter((reference) => reference.owner === owner);
  const unasked = before.filter((old) => !asked.some(({ id }) => id === old.id));
  const kept = unasked.filter((old) => alive(old) && !rules.prune && !rules.withdrawn?.includes(old.id));
  const own = [...asked.filter(alive), ...kept];
  const gone = before.filter((old) => !own.some(({ id }) => id === old.id));
  const others = known.filter((reference) => reference.owner !== owner);
  if (pin === undefined || known.length > 0) return { own, others, gone, foreign: false };
  // Where a target keeps no metadata, nobody can tell whose a pin is: it may grow, and never shrinks.
  const join = rules.foreign === 'join' || info.forgets?.includes('metadata') === true;
  return { own, others: join ? [asItIs(pin, priorMaker)] : [], gone, foreign: !join };
}
