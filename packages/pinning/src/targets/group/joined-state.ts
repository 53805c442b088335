import { type Claim, claimsKey, ownerKey, readClaims, writeClaims } from '../../target/claim-metadata.ts';
import { type GroupMark, markOf, withoutMark } from '../../target/group-mark.ts';
import type { ExistingPin, PeerCopy, PinState } from '../../target/pin-state.ts';
import type { PinningError } from '../../target/pinning-error.ts';
import type { TargetInfo } from '../../target/target.ts';
import type { Member } from './member.ts';

/** What one member says of one CID. */
export interface Part {
  readonly member: Member;
  /** As it was when it last answered. */
  readonly info?: TargetInfo | undefined;
  readonly state?: PinState | undefined;
  readonly failure?: PinningError | undefined;
}

/**
 * Whose pin a member has. One that no Holdfast made is never written over, and its copies are there all the same. Where each
 * peer has pins of its own, one that others made is in nobody's way.
 */
export function isOwnPart({ state, info }: Part): boolean {
  const metadata = state?.pin?.metadata ?? state?.hint?.metadata;
  if (metadata === undefined) return state?.pin !== undefined;
  return info?.pinsPerPeer === true || ownerKey in metadata || markOf(metadata) !== undefined;
}

function isForeignPart(part: Part): boolean {
  const { state } = part;
  return (
    (state?.pin !== undefined || state?.hint?.metadata !== undefined) && !isOwnPart(part) && hasCopies(part)
  );
}

function hasCopies({ state }: Part): boolean {
  return state?.pin !== undefined || (state?.peers ?? []).some((copy) => copy.state !== 'absent');
}

/** One state of all members together, each peer called by its member's name and its own. */
export function joinedState(cid: string, parts: readonly Part[]): PinState {
  const peers = parts.flatMap(copiesOfPart);
  const pin = joinedPin(parts);
  if (pin !== undefined) return { cid, pin, peers };
  const hints = parts.filter((part) => isOwnPart(part) && part.state?.hint !== undefined);
  if (hints.length === 0) return { cid, peers };
  const metadata = joinedMetadata(hints.map(({ state }) => state?.hint?.metadata ?? {}));
  return { cid, hint: { metadata, allocations: hints.flatMap(heldBy) }, peers };
}

function copiesOfPart(part: Part): PeerCopy[] {
  const { member, info, state, failure } = part;
  const own = { place: member.name };
  if (state === undefined) {
    const error = failure?.message ?? 'it gave no answer';
    const known = info?.peers ?? [];
    const region = member.region === undefined ? {} : { region: member.region };
    if (known.length === 0)
      return [{ peer: member.name, name: member.name, ...region, ...own, state: 'down', error }];
    return known.map((peer) => ({
      peer: member.outer(peer.id),
      name: nameOf(member, peer.name, info),
      ...(peer.region === undefined ? region : { region: peer.region }),
      ...own,
      state: 'down',
      error,
    }));
  }
  const isFixed = isForeignPart(part) || isUneven(part);
  return state.peers.map((copy) => {
    const known = info?.peers.find(({ id }) => id === copy.peer);
    const region = copy.region ?? known?.region ?? member.region;
    return {
      ...copy,
      peer: member.outer(copy.peer),
      name: nameOf(member, copy.name ?? known?.name, info),
      ...(region !== undefined && { region }),
      ...own,
      ...(isFixed && { fixed: true }),
    };
  });
}

/** It has copies in several regions and chooses by itself which to give up, so it is asked for all or none. */
function isUneven(part: Part): boolean {
  const held = heldBy(part);
  if (held.length < 2) return false;
  const regions = new Set(part.info?.peers.map(({ region }) => region));
  return regions.size > 1;
}

/** The one peer of a target needs no name of its own. */
export function nameOf(
  { name: member }: Member,
  name: string | undefined,
  info: TargetInfo | undefined,
): string {
  const isOnly = info?.peers.length === 1;
  return isOnly || name === undefined || name === member ? member : `${member}/${name}`;
}

/** The peers that a member's own pin is on, by their names in the group. */
export function heldBy(part: Part): string[] {
  const { member, state } = part;
  if (state === undefined || !isOwnPart(part)) return [];
  const asked = state.pin?.allocations ?? state.hint?.allocations ?? [];
  const held =
    asked.length > 0
      ? asked
      : state.peers.filter((copy) => !['absent', 'unpinning'].includes(copy.state)).map(({ peer }) => peer);
  return held.map((peer) => member.outer(peer));
}

function joinedPin(parts: readonly Part[]): ExistingPin | undefined {
  const own = parts.filter((part) => isOwnPart(part) && part.state?.pin !== undefined);
  const pins = own.flatMap(({ state }) => state?.pin ?? []);
  const [first] = pins;
  if (first === undefined) return undefined;
  const marks = pins.map(({ metadata, min, max }) => markOf(metadata) ?? { min, max, copies: new Map() });
  // The ends differ only where a run was killed: the first end and the higher numbers are what make the next one write all anew.
  const ends = pins.flatMap(({ expires }) => expires ?? []).sort();
  const everywhere = marks.some(({ max }) => max === -1);
  return {
    name: first.name,
    min: everywhere ? -1 : Math.max(...marks.map(({ min }) => min)),
    max: everywhere ? -1 : Math.max(...marks.map(({ max }) => max)),
    ...(ends[0] !== undefined && { expires: ends[0] }),
    origins: first.origins,
    metadata: joinedMetadata(pins.map(({ metadata }) => metadata)),
    allocations: everywhere ? [] : [...own.flatMap(heldBy), ...unreachable(parts, marks)],
  };
}

/** What members that do not answer were asked for, as the others remember it: how many copies, not on which peers. */
function unreachable(parts: readonly Part[], marks: readonly GroupMark[]): string[] {
  return parts.flatMap(({ member, info, state }) => {
    if (state !== undefined) return [];
    const count = Math.max(0, ...marks.map(({ copies }) => copies.get(member.name) ?? 0));
    const known = info?.peers.map(({ id }) => member.outer(id)) ?? [member.name];
    return Array.from({ length: count }, (_, index) => known[index] ?? member.outer(`?${index + 1}`));
  });
}

/** A claim that one member has not heard of, or still has, is one: the next write settles it. */
function joinedMetadata(all: readonly ExistingPin['metadata'][]): Record<string, string> {
  const first = withoutMark(all[0] ?? {});
  if (all.every((each) => each[ownerKey] === first[ownerKey] && each[claimsKey] === first[claimsKey]))
    return first;
  const claims = new Map<string, Claim>();
  for (const metadata of all) {
    const pin = { name: '', min: 1, max: 1, origins: [], allocations: [], metadata };
    for (const claim of readClaims(pin)) {
      const key = `${claim.owner} ${claim.id}`;
      // A rollout is over once every member has heard so.
      if (claims.get(key)?.phase === undefined && (claim.phase !== undefined || !claims.has(key)))
        claims.set(key, claim);
    }
  }
  const { [ownerKey]: _owner, [claimsKey]: _claims, ...labels } = first;
  return { ...labels, ...writeClaims([...claims.values()]) };
}
