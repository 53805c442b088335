import { count } from '@holdfast/manifest/text';
import { type Coverage, worst } from '../observed/coverage.ts';
import { hasExpired, type Step, type StepKind } from '../plan/step.ts';
import type { ApplyReport, CidResult } from './apply-report.ts';
import type { StepFailure } from './step/run-step.ts';
import type { Waited } from './wait/wait-for-copies.ts';

export interface ResultInput {
  readonly step: Step;
  readonly failure: StepFailure | undefined;
  readonly waited: Waited;
  /** Set where the step was not run for lack of time. */
  readonly unrun: boolean;
  readonly began: number;
  readonly now: number;
}

/** What became of one step, in one sentence. */
export function resultOf(input: ResultInput): CidResult {
  if (hasExpired(input.step, input.now)) return expiredResult(input);
  const { step, failure, waited, now, began } = input;
  const { cid, ids, name, kind } = step;
  const coverage = waited.coverages.get(cid);
  return {
    cid,
    ids,
    name,
    step: kind,
    outcome: outcomeOf(input),
    reason: reasonOf(input),
    ...(coverage !== undefined && { coverage }),
    ...(failure !== undefined && { error: failure }),
    elapsedMs: (waited.settledAt.get(cid) ?? now) - began,
  };
}

/** Nothing is wanted of it any more, whatever copies are left. */
function expiredResult({ step: { cid, ids, name, kind }, began, now }: ResultInput): CidResult {
  const reason = 'its end passed during the run';
  return { cid, ids, name, step: kind, outcome: 'satisfied', reason, elapsedMs: now - began };
}

/** Steps that write down what is wanted from now on: copies that exist today are not all that was asked. */
const promises: ReadonlySet<StepKind> = new Set(['raise', 'extend', 'update']);

function isBroken({ step, failure, unrun }: ResultInput): boolean {
  return (failure !== undefined || unrun) && promises.has(step.kind);
}

function outcomeOf(input: ResultInput): CidResult['outcome'] {
  const { step, failure, waited, unrun } = input;
  if (step.wanted === undefined) return failure !== undefined || unrun ? 'failed' : 'satisfied';
  const outcome = waited.coverages.get(step.cid)?.outcome ?? 'failed';
  return outcome === 'satisfied' && isBroken(input) ? 'degraded' : outcome;
}

function reasonOf(input: ResultInput): string {
  const { step, failure, waited, unrun } = input;
  const coverage = waited.coverages.get(step.cid);
  const trouble = failure?.message ?? (unrun ? 'the time was over before it was asked for' : undefined);
  if (step.wanted === undefined) return trouble ?? step.reason;
  const copies =
    coverage === undefined
      ? `its copies could not be looked at${waited.blind === undefined ? '' : `: ${waited.blind.message}`}`
      : copiesText(coverage);
  const stale = coverage !== undefined && waited.blind !== undefined && coverage.missing !== '';
  const reason = stale
    ? `${copies}; since then the target could not be read: ${waited.blind?.message}`
    : copies;
  if (trouble !== undefined) {
    const unkept = isBroken(input) ? `its pin is not as wanted (${step.reason}): ` : '';
    return `${unkept}${trouble}; ${reason}`;
  }
  return step.kind === 'conflict' ? `${step.reason}; ${reason}` : reason;
}

/** The copies that there are, or what is missing of them. */
export function copiesText({ copies, wanted, regions, missing }: Coverage): string {
  if (missing !== '') return missing;
  return `${count(copies, 'copy', 'copies')} of at least ${wanted.min}${inRegions(regions)}`;
}

function inRegions(regions: readonly string[]): string {
  return regions.length === 0 ? '' : ` in ${regions.join(', ')}`;
}

export function totals(
  results: readonly CidResult[],
): Pick<ApplyReport, 'outcome' | 'satisfied' | 'degraded' | 'failed'> {
  const count = (outcome: CidResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    outcome: worst(results.map((result) => result.outcome)),
    satisfied: count('satisfied'),
    degraded: count('degraded'),
    failed: count('failed'),
  };
}
