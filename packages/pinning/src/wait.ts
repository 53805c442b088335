import type { ApplyPorts } from './apply.ts';
import { retry } from './back-off.ts';
import { PinningError } from './pinning-error.ts';
import type { PinState } from './pin-state.ts';
import { pooled } from './pool.ts';
import { readReferences } from './reference.ts';
import type { Step } from './step.ts';
import { runStep, type StepFailure } from './step-run.ts';
import { judge, type Verdict } from './verdict.ts';

export interface WaitOptions {
  readonly wait: 'min' | 'max' | 'none';
  /** Steps that did not get through; their copies are looked at once and not waited for. */
  readonly failures: Map<string, StepFailure>;
  readonly concurrency: number;
}

export interface Waited {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** When each CID was first seen as it should be. */
  readonly settledAt: ReadonlyMap<string, number>;
  readonly polls: number;
  /** The last poll that failed, where the state is older than the report. */
  readonly lastError?: PinningError;
}

const firstPollMs = 150;
const longestPollMs = 5_000;
/** A peer that gave up is asked again after this long, then after twice as long, and so on. */
const firstNudgeMs = 5_000;

/**
 * Polls the whole set at once, ever more slowly, until each CID has its copies or nothing more can come.
 * Unrelated errors do not end it: only the copies count.
 */
export async function waitForCopies(plan: { readonly steps: readonly Step[] }, ports: ApplyPorts, options: WaitOptions): Promise<Waited> {
  const { clock, emit, info, signal } = ports;
  const wanted = new Map(plan.steps.flatMap((step) => (step.wanted === undefined ? [] : [[step.cid, step] as const])));
  const verdicts = new Map<string, Verdict>();
  const settledAt = new Map<string, number>();
  const nudges = new Nudges(ports);
  const open = new Set(wanted.keys());
  const began = clock.now();
  let polls = 0;
  let delay = firstPollMs;
  let lastError: PinningError | undefined;
  while (open.size > 0) {
    polls += 1;
    const before = open.size;
    try {
      const states = await pollOnce([...open], ports);
      lastError = undefined;
      for (const state of states) {
        const step = wanted.get(state.cid);
        if (step?.wanted === undefined) continue;
        const verdict = judge(state, step.wanted, info, clock.now());
        verdicts.set(state.cid, verdict);
        const failed = options.failures.has(state.cid);
        const enough = hasEnough(verdict, options.wait, step);
        if (enough || failed || options.wait === 'none') {
          open.delete(state.cid);
          settledAt.set(state.cid, clock.now());
          emit({ type: 'settled', cid: state.cid, outcome: verdict.outcome, copies: verdict.copies, elapsedMs: clock.now() - began });
        }
        nudges.look(step, state, verdict);
      }
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof PinningError) || !error.retryable) throw error;
      lastError = error;
      emit({ type: 'retry', what: 'status', attempt: polls, delayMs: delay, code: error.code, message: error.message });
    }
    emit({ type: 'waiting', poll: polls, settled: wanted.size - open.size, total: wanted.size, ...copiesOf(verdicts) });
    if (open.size === 0 || options.wait === 'none') break;
    try {
      await pooled(nudges.due(), options.concurrency, (nudge) => nudge());
      // While much is happening a look is worth its requests; a straggler is asked for less and less.
      delay = before - open.size > before / 10 ? delay : Math.min(longestPollMs, delay * 1.6);
      await clock.sleep(Math.round(delay * (0.75 + ports.random() / 2)), signal);
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
  }
  return { verdicts, settledAt, polls, ...(lastError !== undefined && { lastError }) };
}
