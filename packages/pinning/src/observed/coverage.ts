import type { Copies } from '../desired/request.ts';
import type { PinState } from '../target/pin-state.ts';
import { regionsNeeded, regionsOfCopies } from '../target/spread.ts';
import type { TargetInfo } from '../target/target.ts';
import { copiesOn } from './listed-copies.ts';
import { explainPeer, type PeerExplanation } from './peer-explanation.ts';

/** At least `min` copies over the regions wanted; fewer; none. Never folded into one another. */
export type Outcome = 'satisfied' | 'degraded' | 'failed';

export interface Coverage {
  readonly outcome: Outcome;
  /** Peers that report the CID pinned. */
  readonly copies: number;
  readonly wanted: Copies;
  /** Regions that hold a copy. */
  readonly regions: readonly string[];
  /** Regions wanted on this target; 0 where spread is not asked for. */
  readonly regionsNeeded: number;
  /** Every peer that has, or should have, a copy. */
  readonly peers: readonly PeerExplanation[];
  /** What is missing, in a sentence; empty when nothing is. */
  readonly missing: string;
}

/** Whether the copies that exist are enough. */
export function coverageOf(state: PinState, wanted: Copies, info: TargetInfo, now: number): Coverage {
  const held = copiesOn(state, info);
  const copies = new Set(held.map((copy) => copy.peer)).size;
  const regions = [...regionsOfCopies(held, info)].sort();
  const needed = regionsNeeded(wanted, info);
  const enough = copies >= wanted.min && regions.length >= needed;
  const outcome = enough ? 'satisfied' : copies > 0 ? 'degraded' : 'failed';
  const asked = new Set(state.pin?.allocations ?? state.hint?.allocations);
  const peers = state.peers
    .filter(
      ({ state, peer }) => asked.has(peer) || (state !== 'absent' && (state !== 'down' || asked.size === 0)),
    )
    .map((copy) => explainPeer(copy, now));
  const missing = enough ? '' : whatIsMissing({ copies, regions, needed, wanted, peers, info, state });
  return { outcome, copies, wanted, regions, regionsNeeded: needed, peers, missing };
}

interface Lack {
  readonly copies: number;
  readonly regions: readonly string[];
  readonly needed: number;
  readonly wanted: Copies;
  readonly peers: readonly PeerExplanation[];
  readonly info: TargetInfo;
  readonly state: PinState;
}

function whatIsMissing({ copies, regions, needed, wanted, peers, info, state }: Lack): string {
  const lacks: string[] = [];
  if (copies < wanted.min) lacks.push(`${copies} of ${wanted.min} copies`);
  if (regions.length < needed) lacks.push(`${regions.length} of ${needed} regions`);
  const waiting = peers
    .filter((peer) => peer.state !== 'pinned')
    .map(({ peer, name, why }) => `${name ?? peer}: ${why}`);
  const fit = info.peers.filter((peer) => peer.up).length;
  if (fit < wanted.min) waiting.push(`not enough peers: ${fit} fit, ${wanted.min} wanted`);
  else if (waiting.length === 0 && state.peers.every((copy) => copy.state === 'absent'))
    waiting.push('nobody was asked to hold it');
  return waiting.length === 0 ? lacks.join(', ') : `${lacks.join(', ')} (${waiting.join('; ')})`;
}

const order: readonly Outcome[] = ['satisfied', 'degraded', 'failed'];

export function worst(outcomes: Iterable<Outcome>): Outcome {
  let found: Outcome = 'satisfied';
  for (const outcome of outcomes) if (order.indexOf(outcome) > order.indexOf(found)) found = outcome;
  return found;
}
