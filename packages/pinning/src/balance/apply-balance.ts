import { type Clock, Deadline, retry, systemClock } from '@holdfast/http';
import type { ExistingPin, PinState } from '../target/pin-state.ts';
import { PinningError } from '../target/pinning-error.ts';
import type { PinTarget } from '../target/target.ts';
import type { BalanceMove } from './balance-plan.ts';

export interface ApplyBalanceOptions {
  readonly signal?: AbortSignal | undefined;
  /** The time for all of it; no end when absent. */
  readonly deadlineMs?: number | undefined;
  /** The time for one copy; after it, the copy stays where it was. Default: an hour. */
  readonly moveMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly onMove?: ((done: BalancedCopy) => void) | undefined;
}

export interface BalancedCopy extends BalanceMove {
  readonly outcome: 'moved' | 'stays';
  readonly reason: string;
}

const hourMs = 3_600_000;
const firstLookMs = 250;
const longestLookMs = 15_000;

/** Moves copy by copy: each is made at its new peer first, and given up at the old one when it is whole. */
export async function applyBalance(
  moves: readonly BalanceMove[],
  target: PinTarget,
  {
    clock = systemClock,
    random = Math.random,
    moveMs = hourMs,
    onMove,
    ...options
  }: ApplyBalanceOptions = {},
): Promise<BalancedCopy[]> {
  using deadline = new Deadline(clock, options.deadlineMs, options.signal);
  const done: BalancedCopy[] = [];
  for (const move of moves) {
    const reason = deadline.signal.aborted
      ? 'the time was over before its turn'
      : await oneMove(move, target, { clock, random, moveMs, signal: deadline.signal });
    const outcome = reason === undefined ? 'moved' : 'stays';
    const copy: BalancedCopy = { ...move, outcome, reason: reason ?? 'it is whole at its new peer' };
    onMove?.(copy);
    done.push(copy);
  }
  return done;
}

interface MovePorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly moveMs: number;
  readonly signal: AbortSignal;
}

/** Why it stays; undefined where it moved. */
async function oneMove(
  { cid, from, to }: BalanceMove,
  target: PinTarget,
  ports: MovePorts,
): Promise<string | undefined> {
  const { clock, moveMs, signal } = ports;
  const call = <T>(run: () => Promise<T>) => retry(run, ports);
  try {
    const pin = (await call(() => look(target, cid, signal))).pin;
    if (pin === undefined || !pin.allocations.includes(from)) return 'it is not there any more';
    const { allocations, ...terms } = pin;
    const others = allocations.filter((peer) => peer !== from);
    if (!allocations.includes(to)) {
      const max = Math.max(pin.max, allocations.length + 1);
      await call(() => target.pin(cid, { ...terms, max, allocations: [...allocations, to] }, { signal }));
    }
    const endsAt = clock.now() + moveMs;
    const isWhole = await becomesWhole(target, cid, to, endsAt, ports);
    // So many and no more, which gives up the one that is over; then the terms as they were, which may allow more.
    const kept = isWhole ? [...others, to] : [...allocations];
    const exact = { ...terms, min: Math.min(terms.min, kept.length), max: kept.length, allocations: kept };
    for (const pin of [exact, { ...terms, allocations: kept }])
      await call(() => target.pin(cid, pin, { signal }));
    return isWhole ? undefined : `${to} did not get it in time`;
  } catch (error) {
    if (!(error instanceof PinningError)) throw error;
    return error.message;
  }
}

/** Waits until one peer has its copy. */
async function becomesWhole(
  target: PinTarget,
  cid: string,
  peer: string,
  endsAt: number,
  { clock, signal, random }: MovePorts,
): Promise<boolean> {
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(longestLookMs, pauseMs * 2)) {
    const state = await retry(() => look(target, cid, signal), { clock, random, signal });
    const copy = state.peers.find((each) => each.peer === peer);
    if (copy?.state === 'pinned') return true;
    if (clock.now() >= endsAt) return false;
    await clock
      .sleep(Math.min(pauseMs, Math.max(1, endsAt - clock.now())), signal)
      .catch((cause: unknown) => {
        throw new PinningError('aborted', `${cid}: ended while its copy was on its way`, { cause });
      });
  }
}

async function look(
  target: PinTarget,
  cid: string,
  signal: AbortSignal,
): Promise<PinState & { pin?: ExistingPin }> {
  for await (const state of target.observe([cid], { signal })) return state;
  return { cid, peers: [] };
}
