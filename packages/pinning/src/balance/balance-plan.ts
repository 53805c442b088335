import type { PinRequest } from '../desired/request.ts';
import { unevenness } from '../observed/distribution.ts';
import { isOwn } from '../target/claim-metadata.ts';
import type { PinState } from '../target/pin-state.ts';
import { type Located, regionsOf } from '../target/spread.ts';
import type { TargetInfo, TargetPeer } from '../target/target.ts';

/** One copy that should be somewhere else. */
export interface BalanceMove {
  readonly cid: string;
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly from: string;
  readonly to: string;
}

export interface BalancePlan {
  readonly moves: readonly BalanceMove[];
  readonly bytes: number;
  /** Of the fullest fit peer to the mean of them, before and after. */
  readonly before: number;
  readonly after: number;
}

export interface BalanceOptions {
  readonly owner: string;
  readonly info: TargetInfo;
  /** The most to move. */
  readonly mostBytes: number;
}

/** A peer that keeps so much more than the mean is not worth a move. */
const even = 1.05;

interface Copy {
  readonly request: PinRequest & { readonly totalSize: number };
  /** Peers that have a copy, or were asked for one. */
  readonly on: Set<string>;
  /** Of these, those that cannot be asked to give theirs up alone, and others that cannot be asked for one. */
  readonly fixed: ReadonlySet<string>;
}

/**
 * Which copies to move from full peers to empty ones, the largest that help first, until the peers are even or `mostBytes` are
 * reached. No move takes a dataset out of a region or a place that it would miss.
 */
export function balancePlan(
  requests: readonly PinRequest[],
  states: readonly PinState[],
  { owner, info, mostBytes }: BalanceOptions,
): BalancePlan {
  const fit = info.peers.filter(({ up }) => up);
  const loads = new Map(fit.map(({ id }) => [id, 0]));
  const holdings = new Map<string, Copy[]>(fit.map(({ id }) => [id, []]));
  for (const copy of copiesOf(requests, states, owner)) {
    for (const id of copy.on) {
      loads.set(id, (loads.get(id) ?? 0) + copy.request.totalSize);
      if (!copy.fixed.has(id)) holdings.get(id)?.push(copy);
    }
  }
  const before = unevenness([...loads.values()]);
  const moves: BalanceMove[] = [];
  let left = mostBytes;
  const room = new Map(fit.map(({ id, freeSpace }) => [id, freeSpace ?? Number.POSITIVE_INFINITY]));
  for (;;) {
    const move = bestMove(fit, { loads, holdings, room, left, info });
    if (move === undefined) break;
    const { copy, from, to } = move;
    const { cid, id, name, totalSize: bytes } = copy.request;
    moves.push({ cid, id, name, bytes, from, to });
    copy.on.delete(from);
    copy.on.add(to);
    loads.set(from, (loads.get(from) ?? 0) - bytes);
    loads.set(to, (loads.get(to) ?? 0) + bytes);
    room.set(to, (room.get(to) ?? 0) - bytes);
    holdings.set(
      from,
      (holdings.get(from) ?? []).filter((each) => each !== copy),
    );
    holdings.get(to)?.push(copy);
    left -= bytes;
  }
  return { moves, bytes: mostBytes - left, before, after: unevenness([...loads.values()]) };
}

function copiesOf(requests: readonly PinRequest[], states: readonly PinState[], owner: string): Copy[] {
  const byCid = new Map(requests.map((request) => [request.cid, request]));
  return states.flatMap((state) => {
    const request = byCid.get(state.cid);
    if (request?.totalSize === undefined || request.totalSize === 0 || !isOwn(state.pin, owner)) return [];
    const asked = new Set(state.pin?.allocations);
    const whole = state.peers.filter((copy) => copy.state === 'pinned' && asked.has(copy.peer));
    // Something is on its way already: that comes first.
    if (whole.length < asked.size) return [];
    return [
      {
        request: { ...request, totalSize: request.totalSize },
        on: new Set(whole.map(({ peer }) => peer)),
        fixed: new Set(state.peers.filter(({ fixed }) => fixed === true).map(({ peer }) => peer)),
      },
    ];
  });
}

interface Scales {
  readonly loads: ReadonlyMap<string, number>;
  readonly holdings: ReadonlyMap<string, readonly Copy[]>;
  readonly room: ReadonlyMap<string, number>;
  readonly left: number;
  readonly info: TargetInfo;
}

/** From the fullest peer that has something to give, to the emptiest that can take it: what brings the two nearest to each other. */
function bestMove(fit: readonly TargetPeer[], { loads, holdings, room, left, info }: Scales) {
  const mean = sumOf(loads.values()) / Math.max(1, fit.length);
  const loadOf = ({ id }: TargetPeer) => loads.get(id) ?? 0;
  const full = fit.filter((peer) => loadOf(peer) > mean * even).sort((a, b) => loadOf(b) - loadOf(a));
  const empty = fit.filter((peer) => loadOf(peer) < mean).sort((a, b) => loadOf(a) - loadOf(b));
  for (const from of full) {
    const copies = [...(holdings.get(from.id) ?? [])].sort(
      (a, b) => b.request.totalSize - a.request.totalSize,
    );
    for (const to of empty) {
      const gap = loadOf(from) - loadOf(to);
      const copy = copies.find(
        ({ request: { totalSize }, on, fixed }) =>
          totalSize < gap &&
          // More than half of the gap would only turn it round.
          totalSize <= gap / 2 + mean * (even - 1) &&
          totalSize <= left &&
          totalSize <= (room.get(to.id) ?? 0) &&
          !on.has(to.id) &&
          !fixed.has(to.id) &&
          isAsSpread(on, from.id, to.id, info),
      );
      if (copy !== undefined) return { copy, from: from.id, to: to.id };
    }
  }
  return undefined;
}

/** Not in fewer regions, nor in fewer places, than before. */
function isAsSpread(
  on: ReadonlySet<string>,
  from: string,
  to: string,
  { peers, quorums }: TargetInfo,
): boolean {
  const located = (ids: Iterable<string>): Located[] => {
    const named = new Set(ids);
    return peers.filter(({ id }) => named.has(id));
  };
  const now = located(on);
  const then = located([...on].filter((id) => id !== from).concat(to));
  const places = (all: readonly Located[]) => new Set(all.map(({ place }, index) => place ?? index)).size;
  return regionsOf(then, quorums).size >= regionsOf(now, quorums).size && places(then) >= places(now);
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
