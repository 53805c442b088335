import { Deadline, retry, systemClock } from '@holdfast/http';
import { type ApplyOptions, applyPlan } from '../apply/apply.ts';
import type { PinTarget } from '../target/target.ts';
import { type RollBackScope, type RolledBack, rollBackPlan } from './roll-back-plan.ts';

export interface RollBackOptions extends Omit<ApplyOptions, 'wait' | 'shortage'>, RollBackScope {}

/**
 * Gives up what rollouts under way asked for: what is rolled out, what others want and what another version needs stays. Where
 * the same content is wanted by them, only the claim goes.
 *
 * @example
 * ```ts
 * import { LocalTarget, rollBack } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const gone = await rollBack(target, { owner: 'github.com/example/data' });
 * console.log(gone.length); // prints: 0
 * ```
 */
export async function rollBack(
  target: PinTarget,
  { owner, ids, cids, together, ...options }: RollBackOptions,
): Promise<RolledBack[]> {
  const { clock = systemClock, random = Math.random, backOff, deadlineMs } = options;
  const began = clock.now();
  using deadline = new Deadline(clock, deadlineMs, options.signal);
  const { signal } = deadline;
  const { plan, rolledBack } = await retry(
    () => rollBackPlan(target, { owner, ids, cids, together, signal }, () => clock.now()),
    { clock, random, signal, backOff },
  );
  const left = deadlineMs === undefined ? undefined : Math.max(0, began + deadlineMs - clock.now());
  const { results } = await applyPlan(plan, target, { ...options, signal, deadlineMs: left, wait: 'none' });
  return rolledBack(results);
}
