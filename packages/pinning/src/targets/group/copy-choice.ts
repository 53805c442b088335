import { PeerSpace } from '../../target/peer-space.ts';
import type { PinState } from '../../target/pin-state.ts';
import { choosePeers, filledUp } from '../../target/spread.ts';
import type { TargetInfo, TargetPeer, WantedPin } from '../../target/target.ts';

export interface CopyChoice {
  readonly info: TargetInfo;
  readonly state: PinState;
  readonly pin: WantedPin;
  /** Peers that were asked in this call and refused. */
  readonly refused: ReadonlySet<string>;
}

/** The peers that a pin should be on: those that have it as far as they may keep it, then those asked for, then the best of the rest. */
export function chosenCopies({ info, state, pin, refused }: CopyChoice): TargetPeer[] {
  const { up, held } = peersOf(info, state, refused);
  if (pin.max === -1) return up;
  const asked = new Set(pin.allocations);
  if (held.length > pin.max) return kept(held, asked, pin.max, info, state);
  const before = new Set(state.pin?.allocations);
  const added = info.peers.filter(({ id }) => asked.has(id) && !before.has(id)).length;
  const count = held.length < pin.min ? pin.max : Math.min(pin.max, held.length + added);
  const spare = up.filter((peer) => !held.includes(peer));
  const first = spare.filter(({ id }) => asked.has(id)).slice(0, count - held.length);
  const rest = spare.filter((peer) => !first.includes(peer));
  const some = [...held, ...first];
  if (pin.nowhereElse) return some;
  // One copy alone belongs on the first target that can take it.
  const pool = pin.max === 1 ? rest.filter(({ place }) => place === rest[0]?.place) : rest;
  return [...some, ...choosePeers(pool, some, count - some.length, new PeerSpace(info), info.quorums)];
}

function peersOf(info: TargetInfo, state: PinState, refused: ReadonlySet<string>) {
  const of = (...states: string[]) =>
    new Set(state.peers.filter((copy) => states.includes(copy.state)).map(({ peer }) => peer));
  const out = of('down', 'refuted');
  const others = new Set(state.peers.filter(({ fixed }) => fixed === true).map(({ peer }) => peer));
  const asked = new Set(state.pin?.allocations ?? state.hint?.allocations);
  const fit = info.peers.filter(({ id, up }) => up && !out.has(id) && !refused.has(id));
  return {
    up: fit.filter(({ id }) => asked.has(id) || !others.has(id)),
    held: fit.filter(({ id }) => asked.has(id)),
  };
}

/** Of more copies than wanted, those to keep. */
function kept(
  held: readonly TargetPeer[],
  asked: ReadonlySet<string>,
  count: number,
  info: TargetInfo,
  state: PinState,
): TargetPeer[] {
  const copies = new Map(state.peers.map((copy) => [copy.peer, copy]));
  const stays = held.filter(({ id }) => copies.get(id)?.fixed === true);
  const named = held.filter((peer) => asked.has(peer.id) && !stays.includes(peer));
  const rest = held.filter((peer) => !stays.includes(peer) && !named.includes(peer));
  const isWhole = ({ id }: TargetPeer) => copies.get(id)?.state === 'pinned';
  const pools = [named.filter(isWhole), rest.filter(isWhole), [...named, ...rest]];
  return filledUp(stays, pools, count, new PeerSpace(info), info.quorums);
}
