import type { ApplyPorts } from './apply.ts';
import { Nudges } from './nudge.ts';
import type { PinState } from './pin-state.ts';
import { PinningError } from './pinning-error.ts';
import type { Step } from './step.ts';
import type { StepFailure } from './step-run.ts';
import { judge, type Verdict } from './verdict.ts';

export interface WaitOptions {
  readonly wait: 'min' | 'max' | 'none';
  /** Steps that did not get through; their copies are looked at once and not waited for. */
  readonly failures: ReadonlyMap<string, StepFailure>;
  readonly concurrency: number;
}

export interface Waited {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** When there was nothing more to wait for, for each CID. */
  readonly settledAt: ReadonlyMap<string, number>;
  readonly polls: number;
  /** Why the last look failed, where it did: the verdicts are then older than the report. */
  readonly blind?: PinningError;
}

const firstPollMs = 150;
const longestPollMs = 5_000;

/**
 * Looks at the whole set at once, ever more seldom, until each CID has its copies or nothing more can come.
 * Errors that do not concern the number of copies do not end it.
 */
export async function waitForCopies(
  steps: readonly Step[],
  ports: ApplyPorts,
  options: WaitOptions,
): Promise<Waited> {
  const waiting = new Waiting(steps, ports, options);
  try {
    await waiting.run();
  } catch (error) {
    if (!ports.signal.aborted) throw error;
  }
  return waiting;
}

class Waiting implements Waited {
  readonly verdicts = new Map<string, Verdict>();
  readonly settledAt = new Map<string, number>();
  polls = 0;
  blind?: PinningError;
  readonly #wanted: ReadonlyMap<string, Step>;
  readonly #open: Set<string>;
  readonly #ports: ApplyPorts;
  readonly #options: WaitOptions;
  readonly #began: number;
  readonly #nudges: Nudges;

  constructor(steps: readonly Step[], ports: ApplyPorts, options: WaitOptions) {
    this.#wanted = new Map(steps.filter((step) => step.wanted !== undefined).map((step) => [step.cid, step]));
    this.#open = new Set(this.#wanted.keys());
    this.#ports = ports;
    this.#options = options;
    this.#began = ports.clock.now();
    this.#nudges = new Nudges(ports, options.concurrency);
  }

  async run(): Promise<void> {
    const { clock, random, signal } = this.#ports;
    let delay = firstPollMs;
    while (this.#open.size > 0) {
      const before = this.#open.size;
      await this.#poll(delay);
      if (this.#open.size === 0 || this.#options.wait === 'none') return;
      for (const cid of await this.#nudges.run()) this.#settle(cid);
      // While much is happening a look is worth its requests; stragglers are looked at less and less.
      const busy = before - this.#open.size > before / 10;
      if (!busy) delay = Math.min(longestPollMs, delay * 1.6);
      await clock.sleep(Math.round(delay * (0.75 + random() / 2)), signal);
    }
  }

  async #poll(delayMs: number): Promise<void> {
    const { target, signal, emit } = this.#ports;
    this.polls += 1;
    try {
      for await (const state of target.observe([...this.#open], { signal, detail: 'copies' }))
        this.#see(state);
      delete this.blind;
    } catch (error) {
      if (!(error instanceof PinningError) || signal.aborted) throw error;
      this.blind = error;
      const { code, message } = error;
      emit({ type: 'retry', what: 'status', attempt: this.polls, delayMs, code, message });
    }
    emit({
      type: 'waiting',
      poll: this.polls,
      settled: this.settledAt.size,
      total: this.#wanted.size,
      ...this.#copies(),
    });
  }

  #see(state: PinState): void {
    const step = this.#wanted.get(state.cid);
    if (step?.wanted === undefined) return;
    const verdict = judge(state, step.wanted, this.#ports.info, this.#ports.clock.now());
    this.verdicts.set(state.cid, verdict);
    const lost = this.#options.failures.has(state.cid) || step.kind === 'conflict';
    if (lost || this.#options.wait === 'none' || this.#enough(step, verdict)) this.#settle(state.cid);
    else this.#nudges.look(step, state);
  }

  #enough({ wanted, had, adds }: Step, verdict: Verdict): boolean {
    if (verdict.outcome !== 'satisfied') return false;
    const most = Math.max(verdict.wanted.min, Math.min(wanted?.max ?? 0, had.allocated + adds));
    return this.#options.wait !== 'max' || verdict.copies >= most;
  }

  #settle(cid: string): void {
    const verdict = this.verdicts.get(cid);
    if (!this.#open.delete(cid) || verdict === undefined) return;
    const now = this.#ports.clock.now();
    this.settledAt.set(cid, now);
    const { outcome, copies } = verdict;
    this.#ports.emit({ type: 'settled', cid, outcome, copies, elapsedMs: now - this.#began });
  }

  #copies(): { copies: number; copiesWanted: number } {
    let copies = 0;
    for (const verdict of this.verdicts.values()) copies += verdict.copies;
    let copiesWanted = 0;
    for (const step of this.#wanted.values()) copiesWanted += step.wanted?.min ?? 0;
    return { copies, copiesWanted };
  }
}
