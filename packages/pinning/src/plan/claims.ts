import type { CombinedRequest } from '../desired/combined-request.ts';
import { type Claim, hasEnded, readClaims } from '../target/claim-metadata.ts';
import type { ExistingPin } from '../target/pin-state.ts';
import type { TargetInfo } from '../target/target.ts';

/** Who wants one CID from now on. */
export interface Claims {
  /** What this owner wants: its requests, and earlier ones that nobody withdrew. */
  readonly own: readonly Claim[];
  /** What others want. */
  readonly others: readonly Claim[];
  /** What this owner wanted and does not want any longer. */
  readonly gone: readonly Claim[];
  /** The pin was not made by Holdfast and is the only one there can be, so it is never changed. */
  readonly foreign: boolean;
}

export interface ClaimsInput {
  readonly pin: ExistingPin | undefined;
  readonly request: CombinedRequest | undefined;
  readonly owner: string;
  readonly info: TargetInfo;
  readonly now: number;
  /** Ids that were taken out on purpose. */
  readonly withdrawn: readonly string[];
}

export function claimsOf({ pin, request, owner, info, now, withdrawn }: ClaimsInput): Claims {
  const alive = (claim: Claim) => !hasEnded(claim, now);
  const asked = request?.claims ?? [];
  const known = pin === undefined ? [] : readClaims(pin);
  const before = known.filter((claim) => claim.owner === owner);
  const unasked = before.filter((old) => !asked.some(({ id }) => id === old.id));
  const kept = unasked.filter((old) => alive(old) && !withdrawn.includes(old.id));
  const own = [...asked.filter(alive), ...kept];
  const gone = before.filter((old) => !own.some(({ id }) => id === old.id));
  const others = known.filter((claim) => claim.owner !== owner);
  return { own, others, gone, foreign: pin !== undefined && known.length === 0 && info.pinsPerPeer !== true };
}
