import { count } from '@holdfast/manifest/text';
import type { CombinedRequest } from '../desired/combined-request.ts';
import type { Copies } from '../desired/request.ts';
import { coverageOf } from '../observed/coverage.ts';
import { type Holders, holdersOf } from '../observed/holders.ts';
import { type Claim, claimsKey, combine, hasEnded, ownerKey, writeClaims } from '../target/claim-metadata.ts';
import { isOrigin, originsLeftOut, usableOrigins } from '../target/origins.ts';
import type { PeerSpace } from '../target/peer-space.ts';
import { pinName } from '../target/pin-name.ts';
import type { ExistingPin, PinState } from '../target/pin-state.ts';
import { regionsNeeded, regionsOf } from '../target/spread.ts';
import type { TargetInfo, WantedPin } from '../target/target.ts';
import { type Claims, claimsOf } from './claims.ts';
import { pinDiff } from './pin-diff.ts';
import { type Replication, replicate } from './replication.ts';
import type { Step, StepKind } from './step.ts';
import { explain, peers } from './step-reason.ts';

export interface Situation {
  readonly state: PinState;
  readonly request?: CombinedRequest | undefined;
  readonly owner: string;
  readonly info: TargetInfo;
  readonly now: number;
  /** Ids that were taken out on purpose: nothing else makes a pin go before its end. */
  readonly withdrawn: readonly string[];
  readonly space: PeerSpace;
}

/** What to do about one CID; nothing to say where it is none of this owner's business. */
export function decideStep(situation: Situation): Step | undefined {
  const { state, request, info } = situation;
  const { pin } = state;
  const claims = claimsOf({ ...situation, pin, request });
  const holders = holdersOf(state, info, request?.totalSize);
  const base = frame(situation, claims, holders);
  if (claims.own.length === 0) {
    if (claims.gone.length === 0) return request && step(base, 'expired', 'its end has passed');
    const why = goneBecause(situation, claims);
    // A claim that has ended keeps nothing, and could not be written again.
    if (claims.others.every((claim) => hasEnded(claim, situation.now)))
      return step(base, 'unpin', `${why}; nobody else wants it`);
    const others = claims.others.map((claim) => claim.owner).join(', ');
    const { final, replication } = pinFor(situation, claims, holders);
    const writes = writesFor('release', pin, final, replication);
    return { ...step(base, 'release', `${why}; still wanted by ${others}`), writes };
  }
  if (claims.foreign && pin !== undefined) return judgeForeign(base, pin, claims, holders, situation);
  const { final, replication } = pinFor(situation, claims, holders);
  const kind = kindOf(pin, final, replication, holders);
  const shortage = shortageOf(claims, replication);
  const needed = needsOrigins(pin, replication, holders);
  const leftOut = needed ? originsLeftOut(request?.origins ?? [], final.origins) : '';
  return {
    ...base,
    kind,
    reason: `${explain({ kind, pin, final, replication, holders, claims })}${leftOut}`,
    adds: replication.adds,
    bytes: replication.adds * (request?.totalSize ?? 0),
    ...(shortage !== undefined && { shortage }),
    writes: writesFor(kind, pin, final, replication),
  };
}

type Frame = Omit<Step, 'kind' | 'reason'>;

function frame(situation: Situation, claims: Claims, { pinned, live }: Holders): Frame {
  const { state, request, info, now } = situation;
  const { cid, pin } = state;
  const wanted = claims.own.length > 0 ? wantedBy(claims.own, request) : undefined;
  const missing = wanted === undefined ? '' : coverageOf(state, wanted, info, now).missing;
  const named =
    claims.own.length > 0 ? claims.own : claims.gone.length > 0 ? claims.gone : (request?.claims ?? []);
  return {
    cid,
    ids: named.map((claim) => claim.id).sort(),
    name: request?.name ?? pin?.name ?? '',
    ...(wanted && { wanted, ...(missing !== '' && { missing }), ...endOf(claims.own) }),
    had: { copies: pinned.length, allocated: live.length, ...(pin && { min: pin.min, max: pin.max }) },
    adds: 0,
    bytes: 0,
    writes: [],
    ...(request !== undefined && { request }),
  };
}

function step(base: Frame, kind: StepKind, reason: string): Step {
  return { ...base, kind, reason };
}

function wantedBy(own: readonly Claim[], request: CombinedRequest | undefined): Copies {
  const { min, max, regions } = combine(own);
  return { min, max, regions, spread: request?.spread ?? 'where-tagged' };
}

function endOf(own: readonly Claim[]): Pick<Step, 'expires'> {
  const { expires } = combine(own);
  return expires === undefined ? {} : { expires };
}

function shortageOf(claims: Claims, { fit }: Replication): Step['shortage'] {
  const needed = combine(claims.own).min;
  return fit < needed ? { needed, fit } : undefined;
}

function goneBecause({ withdrawn, now }: Situation, { gone }: Claims): string {
  const ids = gone.map((claim) => claim.id).join(', ');
  if (gone.every((claim) => hasEnded(claim, now))) return `${ids} has ended`;
  return gone.every(({ id }) => withdrawn.includes(id))
    ? `${ids} was withdrawn`
    : `${ids} have ended or were withdrawn`;
}

function judgeForeign(
  base: Frame,
  pin: ExistingPin,
  { own }: Claims,
  { live }: Holders,
  { info, request }: Situation,
): Step {
  const want = wantedBy(own, request);
  const end = combine(own).expires;
  const tooFew = live.length < want.min;
  const tooClose = regionsOf(live, info.quorums).size < regionsNeeded(want, info);
  const tooShort =
    pin.expires !== undefined && (end === undefined || Date.parse(pin.expires) < Date.parse(end));
  if (!tooFew && !tooClose && !tooShort) {
    return step(base, 'adopt', `pinned by others on ${peers(live.length)}, which is enough; left as it is`);
  }
  const lacks = tooFew
    ? `on ${peers(live.length)}, where ${want.min} are wanted`
    : tooClose
      ? `in ${count(regionsOf(live, info.quorums).size, 'region')}, where ${want.regions} are wanted`
      : `until ${pin.expires} only`;
  return step(base, 'conflict', `pinned by others ${lacks}; not changed, since it is not this repository's`);
}

function pinFor(
  situation: Situation,
  claims: Claims,
  holders: Holders,
): { final: WantedPin; replication: Replication } {
  const { request, info, space } = situation;
  const { pin } = situation.state;
  const replication = replicate({ pin, claims, request, holders, info, space });
  return { replication, final: finalPin(pin, claims, request, replication, holders) };
}

function finalPin(
  pin: ExistingPin | undefined,
  claims: Claims,
  request: CombinedRequest | undefined,
  replication: Replication,
  holders: Holders,
): WantedPin {
  const all = [...claims.own, ...claims.others];
  const { expires } = combine(all);
  const shared = claims.others.length > 0;
  const kept = (pin?.origins ?? []).filter(isOrigin);
  const moot = !needsOrigins(pin, replication, holders);
  const asked = usableOrigins(request?.origins ?? []);
  const origins = moot || asked.length === 0 ? kept : shared ? usableOrigins([...kept, ...asked]) : asked;
  return {
    name: pin !== undefined && (shared || request === undefined) ? pin.name : pinName(request?.name ?? ''),
    min: replication.min,
    max: replication.max,
    ...(expires !== undefined && { expires }),
    origins,
    metadata: { ...labels(pin, claims, request), ...writeClaims(all) },
    ...(replication.allocations !== undefined && { allocations: replication.allocations }),
  };
}

/** Where the content is matters only while copies are still to be made. */
function needsOrigins(pin: ExistingPin | undefined, replication: Replication, { pinned }: Holders): boolean {
  return pin === undefined || pinned.length < replication.count;
}

/** Of several owners the first by name has the say, or each would undo what another wrote. */
function labels(
  pin: ExistingPin | undefined,
  { own, others }: Claims,
  request: CombinedRequest | undefined,
): Record<string, string> {
  const { [ownerKey]: _owner, [claimsKey]: _references, ...kept } = pin?.metadata ?? {};
  const me = own[0]?.owner ?? '';
  const leads = others.every(({ owner }) => me < owner);
  return leads ? { ...kept, ...request?.metadata } : { ...request?.metadata, ...kept };
}

function kindOf(
  pin: ExistingPin | undefined,
  final: WantedPin,
  { adds, min, max, kept, wantedMin, surplus }: Replication,
  { failing }: Holders,
): StepKind {
  if (pin === undefined) return 'pin';
  const more = max === -1 ? pin.max !== -1 : pin.max !== -1 && (pin.max < max - kept || pin.min < min);
  if (more) return 'raise';
  if (adds > 0) return 'top-up';
  // A least number between what the peers allow now and what is wanted is right again once they are back.
  const tooHigh = max !== -1 && (pin.max === -1 || pin.max > max || pin.min > wantedMin || surplus > 0);
  if (tooHigh) return 'lower';
  const differs = pinDiff(pin, final);
  if (differs.endsTooSoon) return 'extend';
  if (differs.any) return 'update';
  return failing.length > 0 ? 'recover' : 'keep';
}

function writesFor(
  kind: StepKind,
  pin: ExistingPin | undefined,
  final: WantedPin,
  replication: Replication,
): WantedPin[] {
  if (kind === 'keep' || kind === 'recover') return [];
  const { allocations: _allocations, ...relaxed } = final;
  if (pin === undefined || pin.max === -1 || final.max === -1 || replication.isChosen) return [final];
  const { adds, count: fit, kept } = replication;
  const count = fit + kept;
  // Raising only the maximum adds nothing on the engine: ask for the wanted number as the least, then relax it.
  if (adds === 0) return [relaxed];
  const firm: WantedPin = { ...final, min: count, max: count };
  return final.min === count && final.max === count ? [firm] : [firm, relaxed];
}
