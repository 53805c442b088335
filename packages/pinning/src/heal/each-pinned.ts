import { Deadline, retry, systemClock } from '@holdfast/http';
import { type ApplyOptions, applyPlan } from '../apply/apply.ts';
import type { PinRequest } from '../desired/request.ts';
import { planOnTarget } from '../plan/plan-on-target.ts';
import { believedUntil } from '../target/believed-look.ts';
import type { PinTarget } from '../target/target.ts';
import type { PinOptions, PinReport } from './heal.ts';

export interface EachPinnedOptions extends Omit<PinOptions, 'withdrawn'> {
  /** So many are planned, and held in memory, at a time. Default: 4,000. */
  readonly slice?: number | undefined;
}

/**
 * As `pin`, for more requests than fit in memory: a slice after the other is planned and asked for, and a report of each is given
 * once all are on their way. With `wait: 'none'` at once. The requests are gone through twice, so a generator has to be wrapped.
 *
 * @example
 * ```ts
 * import { copiesFor, eachPinned, LocalTarget } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * for await (const { outcome, satisfied } of eachPinned(requests, target, { owner })) console.log(outcome, satisfied); // prints: satisfied 1
 * ```
 */
export async function* eachPinned(
  requests: Iterable<PinRequest> | AsyncIterable<PinRequest>,
  target: PinTarget,
  { slice = 4_000, ...options }: EachPinnedOptions,
): AsyncGenerator<PinReport> {
  const { clock = systemClock, random = Math.random, backOff, deadlineMs, owner, ...applying } = options;
  const began = clock.now();
  using deadline = new Deadline(clock, deadlineMs, options.signal);
  const { signal } = deadline;
  const run = async (some: readonly PinRequest[], more: Pick<ApplyOptions, 'wait'>): Promise<PinReport> => {
    const planning = { owner, signal, now: () => new Date(clock.now()) };
    const retrying = { clock, random, signal, backOff };
    const looked = clock.now();
    const { plan: made } = await retry(() => planOnTarget(some, target, planning), retrying);
    // Nothing comes between this look and the writes.
    const plan = { ...made, freshUntil: believedUntil(looked, clock.now()) };
    const left = deadlineMs === undefined ? undefined : Math.max(0, began + deadlineMs - clock.now());
    return {
      ...(await applyPlan(plan, target, { ...applying, ...more, ...retrying, deadlineMs: left })),
      plan,
    };
  };
  const isOnce = options.wait === 'none';
  // What nobody has anywhere must not keep the slices after it from being asked for.
  for await (const some of slices(requests, slice)) {
    const report = await run(some, { wait: 'none' });
    if (isOnce) yield report;
  }
  if (isOnce) return;
  for await (const some of slices(requests, slice)) yield await run(some, {});
}

async function* slices<T>(all: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let some: T[] = [];
  for await (const one of all) {
    some.push(one);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
