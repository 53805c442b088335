import type { Wish } from '../desired/combined-request.ts';
import type { Copies } from '../desired/request.ts';
import { type Holding, holdingOf } from '../observed/holders.ts';
import { regionsNeeded, regionsOf } from '../observed/spread.ts';
import {
  combine,
  hasEnded,
  ownerKey,
  priorMaker,
  type Reference,
  referencesKey,
  writeReferences,
} from '../target/claim-metadata.ts';
import { isOrigin, originsLeftOut, usableOrigins } from '../target/origins.ts';
import { pinName } from '../target/pin-name.ts';
import type { ExistingPin, PinState } from '../target/pin-state.ts';
import type { TargetInfo, WantedPin } from '../target/target.ts';
import { type Claim, claimOf } from './claims.ts';
import type { Room } from './peer-space.ts';
import { differences } from './pin-diff.ts';
import { type Revision, revise } from './replication.ts';
import type { PlanRules, Step, StepKind } from './step.ts';
import { counted, explain, peers } from './step-reason.ts';

export interface Situation {
  readonly state: PinState;
  readonly wish?: Wish;
  readonly owner: string;
  readonly info: TargetInfo;
  readonly now: number;
  readonly rules: PlanRules;
  readonly room: Room;
}

/** What to do about one CID; nothing to say where it is none of this owner's business. */
export function decide(situation: Situation): Step | undefined {
  const { state, wish, info } = situation;
  const { pin } = state;
  const claim = claimOf({ ...situation, pin, wish });
  const holding = holdingOf(state, info, wish?.totalSize);
  const base = frame(situation, claim, holding);
  if (claim.own.length === 0) {
    if (claim.gone.length === 0) return wish && step(base, 'expired', 'its end has passed');
    const why = goneBecause(situation, claim);
    // A claim that has ended keeps nothing, and could not be written again.
    if (claim.others.every((reference) => hasEnded(reference, situation.now)))
      return step(base, 'unpin', `${why}; nobody else wants it`);
    const others = claim.others.map((reference) => reference.owner).join(', ');
    const { final, revision } = pinFor(situation, claim, holding);
    const writes = writesFor('release', pin, final, revision);
    return { ...step(base, 'release', `${why}; still wanted by ${others}`), writes };
  }
  if (claim.foreign && pin !== undefined) return judgeForeign(base, pin, claim, holding, situation);
  const { final, revision } = pinFor(situation, claim, holding);
  const kind = kindOf(pin, final, revision, holding, info);
  const shortage = shortageOf(claim, revision);
  const needed = needsOrigins(pin, revision, holding);
  const leftOut = needed ? originsLeftOut(wish?.origins ?? [], final.origins) : '';
  return {
    ...base,
    kind,
    reason: `${explain({ kind, pin, final, revision, holding, claim })}${leftOut}`,
    adds: revision.adds,
    bytes: revision.adds * (wish?.totalSize ?? 0),
    ...(shortage !== undefined && { shortage }),
    writes: writesFor(kind, pin, final, revision),
  };
}

type Frame = Omit<Step, 'kind' | 'reason'>;

function frame({ state, wish }: Situation, claim: Claim, { pinned, live }: Holding): Frame {
  const { cid, pin } = state;
  const named =
    claim.own.length > 0 ? claim.own : claim.gone.length > 0 ? claim.gone : (wish?.references ?? []);
  return {
    cid,
    ids: named.map((reference) => reference.id).sort(),
    name: wish?.name ?? pin?.name ?? '',
    ...(claim.own.length > 0 && { wanted: wantedBy(claim.own, wish) }),
    had: { copies: pinned.length, allocated: live.length, ...(pin && { min: pin.min, max: pin.max }) },
    adds: 0,
    bytes: 0,
    writes: [],
    ...(wish !== undefined && { wish }),
  };
}

function step(base: Frame, kind: StepKind, reason: string): Step {
  return { ...base, kind, reason };
}

function wantedBy(own: readonly Reference[], wish: Wish | undefined): Copies {
  const { min, max, regions } = combine(own);
  return { min, max, regions, spread: wish?.spread ?? 'where-tagged' };
}

function shortageOf(claim: Claim, { fit }: Revision): Step['shortage'] {
  const needed = combine(claim.own).min;
  return fit < needed ? { needed, fit } : undefined;
}

function goneBecause({ rules, now }: Situation, { gone }: Claim): string {
  const ids = gone.map((reference) => reference.id).join(', ');
  if (gone.every((reference) => hasEnded(reference, now))) return `${ids} has ended`;
  return gone.every(({ id }) => rules.withdrawn?.includes(id))
    ? `${ids} was withdrawn`
    : `${ids} is asked for no more`;
}

function judgeForeign(
  base: Frame,
  pin: ExistingPin,
  { own }: Claim,
  { live }: Holding,
  { info, wish }: Situation,
): Step {
  const want = wantedBy(own, wish);
  const end = combine(own).expires;
  const tooFew = live.length < want.min;
  const tooClose = regionsOf(live).size < regionsNeeded(want, info);
  const tooShort =
    pin.expires !== undefined && (end === undefined || Date.parse(pin.expires) < Date.parse(end));
  if (!tooFew && !tooClose && !tooShort) {
    return step(base, 'adopt', `pinned by others on ${peers(live.length)}, which is enough; left as it is`);
  }
  const lacks = tooFew
    ? `on ${peers(live.length)}, where ${want.min} are wanted`
    : tooClose
      ? `in ${counted(regionsOf(live).size, 'region')}, where ${want.regions} are wanted`
      : `until ${pin.expires} only`;
  return step(base, 'conflict', `pinned by others ${lacks}; not changed, since it is not this repository's`);
}

function pinFor(
  situation: Situation,
  claim: Claim,
  holding: Holding,
): { final: WantedPin; revision: Revision } {
  const { wish, info, room } = situation;
  const { pin } = situation.state;
  const revision = revise({ pin, claim, wish, holding, info, room });
  return { revision, final: finalPin(pin, claim, wish, revision, holding) };
}

function finalPin(
  pin: ExistingPin | undefined,
  claim: Claim,
  wish: Wish | undefined,
  revision: Revision,
  holding: Holding,
): WantedPin {
  const references = [...claim.own, ...claim.others];
  const { expires } = combine(references);
  const shared = claim.others.length > 0;
  const kept = (pin?.origins ?? []).filter(isOrigin);
  const moot = !needsOrigins(pin, revision, holding);
  const asked = usableOrigins(wish?.origins ?? []);
  const origins = moot || asked.length === 0 ? kept : shared ? usableOrigins([...kept, ...asked]) : asked;
  return {
    name: pin !== undefined && (shared || wish === undefined) ? pin.name : pinName(wish?.name ?? ''),
    min: revision.min,
    max: revision.max,
    ...(expires !== undefined && { expires }),
    origins,
    metadata: { ...labels(pin, claim, wish), ...writeReferences(references) },
    ...(revision.allocations !== undefined && { allocations: revision.allocations }),
  };
}

/** Where the content is matters only while copies are still to be made. */
function needsOrigins(pin: ExistingPin | undefined, revision: Revision, { pinned }: Holding): boolean {
  return pin === undefined || pinned.length < revision.count;
}

/** Of several owners the first by name has the say, or each would undo what another wrote; a prior maker's stay as they are. */
function labels(
  pin: ExistingPin | undefined,
  { own, others }: Claim,
  wish: Wish | undefined,
): Record<string, string> {
  const { [ownerKey]: _owner, [referencesKey]: _references, ...kept } = pin?.metadata ?? {};
  const me = own[0]?.owner ?? '';
  const leads = others.every(({ owner }) => owner !== priorMaker && me < owner);
  return leads ? { ...kept, ...wish?.metadata } : { ...wish?.metadata, ...kept };
}

function kindOf(
  pin: ExistingPin | undefined,
  final: WantedPin,
  { adds, min, max, wantedMin }: Revision,
  { failing }: Holding,
  info: TargetInfo,
): StepKind {
  if (pin === undefined) return 'pin';
  const more = max === -1 ? pin.max !== -1 : pin.max !== -1 && (pin.max < max || pin.min < min);
  if (more) return 'raise';
  if (adds > 0) return 'top-up';
  // A least number between what the peers allow now and what is wanted is right again once they are back.
  const tooHigh = max !== -1 && (pin.max === -1 || pin.max > max || pin.min > wantedMin);
  if (tooHigh) return 'lower';
  const differs = differences(pin, final, info);
  if (differs.endsTooSoon) return 'extend';
  if (differs.any) return 'update';
  return failing.length > 0 ? 'recover' : 'keep';
}

function writesFor(
  kind: StepKind,
  pin: ExistingPin | undefined,
  final: WantedPin,
  revision: Revision,
): WantedPin[] {
  if (kind === 'keep' || kind === 'recover') return [];
  const { allocations: _allocations, ...relaxed } = final;
  if (pin === undefined || pin.max === -1 || final.max === -1) return [final];
  const { adds, count } = revision;
  // Raising only the maximum adds nothing on the engine: ask for the wanted number as the least, then relax it.
  if (adds === 0) return [relaxed];
  const firm: WantedPin = { ...final, min: count, max: count };
  return final.min === count && final.max === count ? [firm] : [firm, relaxed];
}
