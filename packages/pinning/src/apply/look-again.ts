import { type Clock, retry, systemClock } from '@holdfast/http';
import { coverageOf } from '../observed/coverage.ts';
import { hasExpired, type Plan } from '../plan/step.ts';
import type { PinState } from '../target/pin-state.ts';
import type { PinTarget } from '../target/target.ts';
import type { ApplyReport, CidResult } from './apply-report.ts';
import { copiesText, totals } from './cid-result.ts';

export interface LookAgainOptions {
  readonly signal?: AbortSignal | undefined;
  /** Also at what fell short, where something was done for it since. Default: at what was satisfied alone. */
  readonly shortAsWell?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * The report as of now, for a caller that did something else after `applyPlan`: what was satisfied is looked at once more.
 * Throws a `PinningError` where the target cannot be read.
 *
 * @example
 * ```ts
 * import { applyPlan, LocalTarget, lookAgain, planPins } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const info = await target.inspect();
 * const plan = planPins([], [], { owner: 'github.com/example/data', info, at: new Date() });
 * const report = await applyPlan(plan, target);
 * console.log((await lookAgain(report, plan, target)).outcome); // prints: satisfied
 * ```
 */
export async function lookAgain(
  report: ApplyReport,
  plan: Plan,
  target: PinTarget,
  { signal, shortAsWell = false, clock = systemClock, random = Math.random }: LookAgainOptions = {},
): Promise<ApplyReport> {
  const steps = new Map(plan.steps.map((step) => [step.cid, step]));
  const cids = report.results.flatMap(({ cid, outcome, coverage, error }) => {
    const isAsked = outcome === 'satisfied' || (shortAsWell && error === undefined);
    return isAsked && coverage !== undefined ? [cid] : [];
  });
  if (cids.length === 0) return report;
  const ports = { clock, random, signal };
  const info = await retry(() => target.inspect({ signal }), ports);
  const states = await retry(async () => {
    const seen = new Map<string, PinState>();
    for await (const state of target.observe(cids, { signal, detail: 'copies' })) seen.set(state.cid, state);
    return seen;
  }, ports);
  const now = clock.now();
  const results = report.results.map((result): CidResult => {
    const state = states.get(result.cid);
    const step = steps.get(result.cid);
    if (state === undefined || step === undefined || result.coverage === undefined) return result;
    if (hasExpired(step, now)) {
      const { coverage: _, ...rest } = result;
      return { ...rest, reason: 'its end passed during the run' };
    }
    const coverage = coverageOf(state, result.coverage.wanted, info, now);
    const { outcome } = coverage;
    if (outcome === 'satisfied' && result.outcome === 'satisfied') return { ...result, coverage };
    if (result.outcome !== 'satisfied') return { ...result, coverage, outcome, reason: copiesText(coverage) };
    return { ...result, coverage, outcome, reason: `it had its copies and lost some: ${coverage.missing}` };
  });
  return { ...report, ...totals(results), results };
}
