import { Deadline, retry, systemClock } from '@holdfast/http';
import { type ApplyOptions, applyPlan } from '../apply/apply.ts';
import type { ApplyReport } from '../apply/apply-report.ts';
import type { PinRequest } from '../desired/request.ts';
import type { Outcome } from '../observed/coverage.ts';
import { planOnTarget } from '../plan/plan-on-target.ts';
import type { Plan, StepKind } from '../plan/step.ts';
import type { PinTarget } from '../target/target.ts';
import { type Availability, availabilityOf } from './availability.ts';

export interface PinOptions extends ApplyOptions {
  /** Whose requests these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  /** Ids that were taken out on purpose. Only these make a pin go before its end. Default: none. */
  readonly withdrawn?: readonly string[] | undefined;
}

export interface PinReport extends ApplyReport {
  readonly plan: Plan;
}

export interface HealOptions extends PinOptions {
  /** Of one peer, from 0 to 1, for the arithmetic. */
  readonly peerAvailability?: number | undefined;
}

/** One dataset before and after. */
export interface HealedCid {
  readonly cid: string;
  readonly ids: readonly string[];
  readonly name: string;
  readonly did: StepKind;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly before: Availability;
  readonly after: Availability;
}

export interface HealReport {
  readonly plan: Plan;
  readonly applied: ApplyReport;
  readonly items: readonly HealedCid[];
}

/**
 * Observe, plan, apply: asks a target for what is wanted and waits until the copies exist.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, pin } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * const { outcome, results } = await pin(requests, target, { owner });
 * console.log(outcome, results[0]?.reason); // prints: satisfied 1 copy of at least 1
 * ```
 */
export async function pin(
  requests: readonly PinRequest[],
  target: PinTarget,
  options: PinOptions,
): Promise<PinReport> {
  const { owner, withdrawn = [], ...applying } = options;
  const { clock = systemClock, random = Math.random, backOff, deadlineMs } = options;
  const began = clock.now();
  using deadline = new Deadline(clock, deadlineMs, options.signal);
  const { signal } = deadline;
  const everything = withdrawn.length > 0;
  const planning = { owner, withdrawn, everything, signal, now: () => new Date(clock.now()) };
  const { plan } = await retry(() => planOnTarget(requests, target, planning), {
    clock,
    random,
    signal,
    backOff,
  });
  const left = deadlineMs === undefined ? undefined : Math.max(0, began + deadlineMs - clock.now());
  return { ...(await applyPlan(plan, target, { ...applying, deadlineMs: left })), plan };
}

/**
 * Pins again on a schedule: recovers what is in error, asks other peers in place of dead ones, tops up. Safe beside another
 * run, since every write is planned from the state just before it. Where peers are short, it makes the copies that can be
 * made, and says so.
 *
 * @example
 * ```ts
 * import { copiesFor, heal, LocalTarget } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * const { items } = await heal(requests, target, { owner, deadlineMs: 60_000 });
 * for (const { name, did, after } of items) console.log(name, did, after.copies); // prints: hello pin 1
 * ```
 */
export async function heal(
  requests: readonly PinRequest[],
  target: PinTarget,
  { peerAvailability, ...options }: HealOptions,
): Promise<HealReport> {
  const { plan, ...applied } = await pin(requests, target, { shortage: 'degrade', ...options });
  const steps = new Map(plan.steps.map((step) => [step.cid, step]));
  const items = applied.results.map(({ cid, ids, name, step, outcome, reason, coverage }) => ({
    cid,
    ids,
    name,
    did: step,
    outcome,
    reason,
    before: availabilityOf(steps.get(cid)?.had.copies ?? 0, peerAvailability),
    after: availabilityOf(coverage?.copies ?? 0, peerAvailability),
  }));
  return { plan, applied, items };
}
