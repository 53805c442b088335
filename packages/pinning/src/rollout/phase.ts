import { delegatedTarget } from '../target/delegated-target.ts';
import type { PinTarget, TargetInfo, TargetPeer } from '../target/target.ts';

/** One stage of a rollout: where new copies may be from then on, beside those of the phases before. */
export interface Phase {
  /** Short, without "/" and spaces: it is written into the pins. */
  readonly name: string;
  /** Names of targets and of regions; all there are without it. */
  readonly places?: readonly string[] | undefined;
  /** The part of the copies there that this phase makes, from 1 to 100. Default: all of them. */
  readonly percent?: number | undefined;
}

/** One after the other; what no phase names comes last, together. */
export function wholePhases(phases: readonly Phase[], info: TargetInfo): readonly Phase[] {
  const [first] = phases;
  if (first === undefined) return phasesByRegion(info);
  for (const [index, { name }] of phases.entries()) {
    if (!/^[^\s/]+$/.test(name))
      throw new RangeError(`phases expected names without "/" and spaces, got "${name}"`);
    if (phases.findIndex((other) => other.name === name) !== index)
      throw new RangeError(`phases expected each name once, got "${name}" twice`);
  }
  const isAll = info.peers.every((peer) =>
    phases.some((phase) => (phase.percent ?? 100) === 100 && isPlace(phase, peer)),
  );
  return isAll ? phases : [...phases, { name: freeName(phases, 'rest') }];
}

/** A region after the other, as the target lists them; without any, each target, or each peer. */
function phasesByRegion({ peers }: TargetInfo): readonly Phase[] {
  const regions = [...new Set(peers.flatMap(({ region }) => region ?? []))];
  const phases = regions.map((name): Phase => ({ name, places: [name] }));
  const isAll = peers.every(({ region }) => region !== undefined);
  if (isAll && phases.length > 0) return phases;
  if (phases.length > 0) return [...phases, { name: freeName(phases, 'rest') }];
  const places = [...new Set(peers.flatMap(({ place }) => place ?? []))];
  return places.length > 1 ? places.map((name) => ({ name, places: [name] })) : [{ name: 'all' }];
}

function freeName(phases: readonly Phase[], wanted: string): string {
  return phases.some(({ name }) => name === wanted) ? freeName(phases, `${wanted}-of-it`) : wanted;
}

export function isPlace(
  { places }: Pick<Phase, 'places'>,
  { id, name, place, region }: Pick<TargetPeer, 'id' | 'name' | 'place' | 'region'>,
): boolean {
  if (places === undefined) return true;
  return [id, name, place, region].some((one) => one !== undefined && places.includes(one));
}

/** The peers of the phases up to one of them, itself included. */
export function peersUpTo(
  phases: readonly Phase[],
  index: number,
  { peers }: TargetInfo,
): readonly TargetPeer[] {
  const open = phases.slice(0, index + 1);
  return peers.filter((peer) => open.some((phase) => isPlace(phase, peer)));
}

/** Those of one phase alone; a share of places that were there before has no peers of its own, and stands for all of them. */
export function ownPeers(phases: readonly Phase[], index: number, info: TargetInfo): readonly TargetPeer[] {
  const before = new Set(index === 0 ? [] : peersUpTo(phases, index - 1, info));
  const here = info.peers.filter((peer) => isPlace(phases[index] ?? {}, peer));
  const own = here.filter((peer) => !before.has(peer));
  return own.length > 0 ? own : here;
}

/** The targets whose turn it is in a phase, or the peers of one target. */
export function placesOf(phases: readonly Phase[], index: number, info: TargetInfo): readonly string[] {
  return [...new Set(ownPeers(phases, index, info).map(({ id, name, place }) => place ?? name ?? id))];
}

/** A target of which the phases up to one of them are all there is: what is asked for goes to no other peer. */
export function targetUpTo(target: PinTarget, phases: readonly Phase[], index: number): PinTarget {
  if (index === phases.length - 1) return target;
  return delegatedTarget(target, {
    async inspect(options) {
      const info = await target.inspect(options);
      return { ...info, peers: peersUpTo(phases, index, info), isPart: true };
    },
    pin: (cid, pin, options) => target.pin(cid, { ...pin, nowhereElse: true }, options),
  });
}
