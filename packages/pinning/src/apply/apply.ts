import type { BackOff } from '@holdfast/http';
import { type Clock, Deadline, pooled, retry, systemClock } from '@holdfast/http';
import { type CapacityProblem, checkCapacity } from '../plan/capacity.ts';
import { isChange, type Plan, type Step, summarize } from '../plan/step.ts';
import { emitter, type OnProgress } from '../progress/event.ts';
import { PinningError } from '../target/pinning-error.ts';
import type { PinTarget } from '../target/target.ts';
import type { ApplyReport, CidResult } from './apply-report.ts';
import { resultOf, totals } from './cid-result.ts';
import { UnpinnedRecheck } from './step/recheck-unpinned.ts';
import { runStep, type StepFailure } from './step/run-step.ts';
import type { StepPorts } from './step/step-ports.ts';
import { GossipResend } from './wait/gossip-resend.ts';
import { StuckPins } from './wait/unstick.ts';
import { waitForCopies } from './wait/wait-for-copies.ts';

export interface ApplyOptions {
  readonly signal?: AbortSignal | undefined;
  /** The time for all of it, waiting included; no end when absent. */
  readonly deadlineMs?: number | undefined;
  /** Steps run at once; 16 when absent. */
  readonly concurrency?: number | undefined;
  /** Copies to wait for: the least wanted (the default), as many as the peers allow, or none. */
  readonly wait?: 'min' | 'max' | 'none' | undefined;
  /** When peers or space are short: do nothing for those CIDs (the default), or make the copies that can be made. */
  readonly shortage?: 'refuse' | 'degrade' | undefined;
  readonly backOff?: BackOff | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to 1, as Math.random. */
  readonly random?: (() => number) | undefined;
}

/**
 * Runs a plan and waits until its copies exist. Throws only when the target cannot be used at all; what
 * goes wrong with single CIDs is in the report. Run again, with a new plan, it picks up where it stopped.
 *
 * @example
 * ```ts
 * import { applyPlan, copiesFor, LocalTarget, observeFor, planPins } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * const observed = await observeFor(requests, target, { owner });
 * const plan = planPins(requests, observed, { owner, info: await target.inspect(), at: new Date() });
 * const { outcome } = await applyPlan(plan, target, { deadlineMs: 60_000 });
 * console.log(outcome); // prints: satisfied
 * ```
 */
export async function applyPlan(
  plan: Plan,
  target: PinTarget,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const began = clock.now();
  const emit = emitter(target.label, clock.now, options.onProgress);
  using deadline = new Deadline(clock, options.deadlineMs, options.signal);
  const { signal } = deadline;
  const retrying = { clock, random, signal, ...(options.backOff && { backOff: options.backOff }) };

  emit({ type: 'planned', ...planned(plan) });
  const info = await retry(() => target.inspect({ signal }), retrying);
  const capacity = checkCapacity(plan, info);
  emit({ type: 'capacity', report: capacity });

  const ports: StepPorts = { target, info, plan, emit, ...retrying };
  const refused = options.shortage === 'degrade' ? hopeless(capacity.problems) : capacity.problems;
  const failures = new Map<string, StepFailure>(refusals(refused));
  const concurrency = options.concurrency ?? 16;
  const run = await submit(plan, ports, failures, concurrency);
  const waiting = {
    wait: options.wait ?? 'min',
    failures,
    concurrency,
    began,
    submitted: run.size > 0,
    ...(options.deadlineMs !== undefined && { endsAt: began + options.deadlineMs }),
  };
  const waited = await waitForCopies(plan.steps, ports, waiting, {
    stuck: new StuckPins(ports, waiting),
    resend: new GossipResend(ports, waiting),
  });

  const now = clock.now();
  const elapsedMs = now - began;
  const results = plan.steps.map((step): CidResult => {
    const failure = failures.get(step.cid);
    const unrun = isChange(step) && failure === undefined && !run.has(step.cid);
    return resultOf({ step, failure, waited, unrun, began, now });
  });
  const report: ApplyReport = {
    ...totals(results),
    results,
    polls: waited.polls,
    capacity,
    ended: deadline.passed ? 'deadline' : deadline.cancelled ? 'cancelled' : 'done',
    startedAt: new Date(began).toISOString(),
    elapsedMs,
  };
  const { outcome, satisfied, degraded, failed } = report;
  emit({ type: 'applied', outcome, satisfied, degraded, failed, elapsedMs });
  return report;
}

function planned(plan: Plan) {
  const { kinds, adds, bytes } = summarize(plan);
  return { steps: kinds, adds, bytes };
}

/** Without peers there is nothing to degrade to; without space a copy would fail half-way. */
function hopeless(problems: readonly CapacityProblem[]): CapacityProblem[] {
  return problems.filter(({ code }) => code === 'no-peers' || code === 'not-enough-space');
}

function refusals(problems: readonly CapacityProblem[]): [string, StepFailure][] {
  return problems.flatMap((problem) =>
    problem.cids.map((cid): [string, StepFailure] => [
      cid,
      { code: 'not-enough-peers', message: problem.message },
    ]),
  );
}

/** Runs the steps that change anything; answers those that got through. */
async function submit(
  plan: Plan,
  ports: StepPorts,
  failures: Map<string, StepFailure>,
  concurrency: number,
): Promise<ReadonlySet<string>> {
  const done = new Set<string>();
  const todo = knownFirst(plan.steps.filter((step) => isChange(step) && !failures.has(step.cid)));
  const unpinned = todo.filter((step) => step.kind === 'pin').map((step) => step.cid);
  const recheck = new UnpinnedRecheck(unpinned, ports);
  await pooled(todo, concurrency, async (step: Step) => {
    if (ports.signal.aborted) return;
    const began = ports.clock.now();
    ports.emit({ type: 'step-started', cid: step.cid, step: step.kind });
    try {
      await runStep(step, ports, recheck);
      done.add(step.cid);
      const elapsedMs = ports.clock.now() - began;
      ports.emit({ type: 'step-submitted', cid: step.cid, step: step.kind, elapsedMs });
    } catch (error) {
      if (!(error instanceof PinningError) && !ports.signal.aborted) throw error;
      const failure = failureOf(error);
      failures.set(step.cid, failure);
      ports.emit({ type: 'step-failed', cid: step.cid, step: step.kind, ...failure });
    }
  });
  return done;
}

/**
 * A peer fetches so many CIDs at a time (`concurrent_pins`, 10 in a default cluster) in the order it was asked, and content
 * that no node has keeps its place for minutes. What is known to be somewhere goes ahead of what may be nowhere.
 */
function knownFirst(steps: readonly Step[]): Step[] {
  const isKnown = ({ had, request }: Step) => had.copies > 0 || (request?.origins.length ?? 0) > 0;
  return [...steps.filter(isKnown), ...steps.filter((step) => !isKnown(step))];
}

function failureOf(error: unknown): StepFailure {
  if (error instanceof PinningError) return { code: error.code, message: error.message };
  return { code: 'aborted', message: 'ended before the target answered' };
}
