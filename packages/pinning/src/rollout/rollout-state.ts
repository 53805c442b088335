import type { PinRequest } from '../desired/request.ts';
import { holdersOf } from '../observed/holders.ts';
import { copiesOn } from '../observed/listed-copies.ts';
import { observeFor } from '../observed/observation.ts';
import { readClaims } from '../target/claim-metadata.ts';
import { PeerSpace } from '../target/peer-space.ts';
import type { PinState } from '../target/pin-state.ts';
import { choosePeers, regionsOf } from '../target/spread.ts';
import type { CallOptions, PinTarget, TargetInfo, TargetPeer } from '../target/target.ts';
import { isPlace, type Phase, peersUpTo, placesOf, wholePhases } from './phase.ts';

/** The copies of one dataset in one phase. */
export interface PhaseCopies {
  readonly phase: string;
  /** Copies there should be once it is through, those of the phases before included. */
  readonly wanted: number;
  /** Copies there are, on the peers of the phases up to it. */
  readonly copies: number;
  readonly regions: readonly string[];
}

/** Whose turn a phase is. */
export interface PhasePlaces {
  readonly phase: string;
  /** The targets, or peers. */
  readonly places: readonly string[];
}

export interface RolloutStateOptions extends CallOptions {
  /** Whose requests these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  /** As for `rollOut`. */
  readonly phases?: readonly Phase[] | undefined;
}

/**
 * - `new`: nothing was asked for yet
 * - `rolling`: copies were asked for as far as `phase`
 * - `whole`: it is rolled out
 */
export type Standing = 'new' | 'rolling' | 'whole';

/** How far one dataset is, by what the target holds. */
export interface RolloutState {
  readonly cid: string;
  readonly id: string;
  readonly name: string;
  readonly standing: Standing;
  /** The last phase that was asked for. */
  readonly phase?: string;
  readonly phases: readonly PhaseCopies[];
}

/** The last phase that was asked for, from 0; -1 where none was. */
export function reached(
  request: PinRequest,
  state: PinState | undefined,
  phases: readonly Phase[],
  info: TargetInfo,
): { readonly standing: Standing; readonly index: number } {
  const last = phases.length - 1;
  const claims = state?.pin === undefined ? [] : readClaims(state.pin);
  const own = claims.find(({ owner, id }) => owner === request.owner && id === request.id);
  // Content that stands everywhere for another claim has no phases to go through.
  const stands = claims.some(({ phase }) => phase === undefined);
  if (own === undefined) return { standing: 'new', index: stands ? last : -1 };
  if (own.phase === undefined) return { standing: 'whole', index: last };
  const named = phases.findIndex(({ name }) => name === own.phase);
  return { standing: 'rolling', index: stands ? last : Math.max(named, furthest(state, phases, info)) };
}

/** The names of phases may have changed since: nothing that was asked for is given up because of it. */
function furthest(state: PinState | undefined, phases: readonly Phase[], info: TargetInfo): number {
  const asked = new Set(state?.pin?.allocations);
  const peers = info.peers.filter(({ id }) => asked.has(id));
  return Math.max(0, ...peers.map((peer) => phases.findIndex((phase) => isPlace(phase, peer))));
}

/** On how many peers, and in which regions, the copies are to be once each phase is through. */
export function phaseTargets(
  request: PinRequest,
  state: PinState | undefined,
  phases: readonly Phase[],
  info: TargetInfo,
): readonly { readonly count: number; readonly regions: number }[] {
  const chosen = chosenPeers(request, state ?? { cid: request.cid, peers: [] }, info);
  let before = 0;
  return phases.map((phase, index) => {
    const open = new Set(peersUpTo(phases, index, info));
    const all = chosen.filter((peer) => open.has(peer));
    const share = Math.ceil((all.length * (phase.percent ?? 100)) / 100);
    // A phase without a copy would show nothing.
    const count = Math.max(1, before, share);
    before = count;
    const spread = regionsOf(all, info.quorums).size;
    return { count, regions: count < all.length ? 0 : Math.min(spread, request.copies.regions) };
  });
}

/** The peers that would hold it if it were rolled out at once. */
function chosenPeers(
  { copies, totalSize }: PinRequest,
  state: PinState,
  info: TargetInfo,
): readonly TargetPeer[] {
  const { live, spare } = holdersOf(state, info, totalSize);
  const most = Math.min(copies.max, live.length + spare.length);
  return [...live, ...choosePeers(spare, live, most - live.length, new PeerSpace(info), info.quorums)];
}

/**
 * How far each dataset is, by what the target holds. Changes nothing.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, pin, rolloutState } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * await pin(requests, target, { owner });
 * const { datasets } = await rolloutState(requests, target, { owner });
 * console.log(datasets[0]?.standing); // prints: whole
 * ```
 */
export async function rolloutState(
  requests: readonly PinRequest[],
  target: PinTarget,
  { phases = [], owner, signal }: RolloutStateOptions,
): Promise<{ readonly phases: readonly PhasePlaces[]; readonly datasets: readonly RolloutState[] }> {
  const info = await target.inspect({ signal });
  const whole = wholePhases(phases, info);
  const states = new Map<string, PinState>();
  for (const state of await observeFor(requests, target, { owner, signal })) states.set(state.cid, state);
  return {
    phases: whole.map((phase, index) => ({ phase: phase.name, places: placesOf(whole, index, info) })),
    datasets: requests.map((request) => rolloutStateOf(request, states.get(request.cid), whole, info)),
  };
}

function rolloutStateOf(
  request: PinRequest,
  state: PinState | undefined,
  phases: readonly Phase[],
  info: TargetInfo,
): RolloutState {
  const { standing, index } = reached(request, state, phases, info);
  const wanted = phaseTargets(request, state, phases, info);
  const held = new Set(state === undefined ? [] : copiesOn(state, info).map(({ peer }) => peer));
  return {
    cid: request.cid,
    id: request.id,
    name: request.name,
    standing,
    ...(standing === 'rolling' && { phase: phases[index]?.name ?? '' }),
    phases: phases.map(({ name }, at): PhaseCopies => {
      const here = peersUpTo(phases, at, info).filter(({ id }) => held.has(id));
      return {
        phase: name,
        wanted: wanted[at]?.count ?? 0,
        copies: here.length,
        regions: [...regionsOf(here)].sort(),
      };
    }),
  };
}
