import { type Coverage, coverageOf } from '../../observed/coverage.ts';
import { hasExpired, type Step } from '../../plan/step.ts';
import type { PeerCopy, PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type { StepFailure } from '../step/run-step.ts';
import type { StepPorts, WaitBudget } from '../step/step-ports.ts';
import type { GossipResend } from './gossip-resend.ts';
import { pollInBatches } from './poll-in-batches.ts';
import type { StuckPins } from './unstick.ts';

export interface WaitOptions extends WaitBudget {
  readonly wait: 'min' | 'max' | 'none';
  /** Steps that did not get through; their copies are looked at once and not waited for. */
  readonly failures: ReadonlyMap<string, StepFailure>;
  /** When it has to end. */
  readonly endsAt?: number | undefined;
  /** Whether anything was asked for just now: then a first look at once would find nothing. */
  readonly submitted: boolean;
}

/** What is done for CIDs that get nowhere. */
export interface Helpers {
  readonly stuck: StuckPins;
  readonly resend: GossipResend;
}

export interface Waited {
  readonly coverages: ReadonlyMap<string, Coverage>;
  /** When there was nothing more to wait for, for each CID. */
  readonly settledAt: ReadonlyMap<string, number>;
  readonly polls: number;
  /** Why the last look failed, where it did: what was seen is then older than the report. */
  readonly blind?: PinningError;
}

const shortestPauseMs = 150;
const longestPauseMs = 5_000;
/** For so long peers may search before it is said that none finds the content. */
const searchMs = 60_000;
/** How long before the end the last look is. */
const lastLookMs = 1_000;
/** What was seen longer ago is looked at again before it is reported. */
const freshMs = 15_000;

/**
 * Looks at the whole set at once, ever more seldom, until each CID has its copies or nothing more can come.
 * Errors that do not concern the number of copies do not end it.
 */
export async function waitForCopies(
  steps: readonly Step[],
  ports: StepPorts,
  options: WaitOptions,
  helpers: Helpers,
): Promise<Waited> {
  const waiting = new Waiting(steps, ports, options, helpers);
  try {
    await waiting.run();
    await waiting.lookAgain();
  } catch (error) {
    if (!ports.signal.aborted) throw error;
  }
  return waiting;
}

/** A peer that only has it in its queue has not looked; a folder is one that waits for blocks. */
function isSearching({ state, error }: PeerCopy): boolean {
  return state === 'pinning' || state === 'error' || (state === 'queued' && error !== undefined);
}

class Waiting implements Waited {
  readonly coverages = new Map<string, Coverage>();
  readonly settledAt = new Map<string, number>();
  polls = 0;
  blind?: PinningError;
  readonly #wanted: ReadonlyMap<string, Step>;
  readonly #open: Set<string>;
  readonly #seenAt = new Map<string, number>();
  readonly #unfound = new Set<string>();
  #isMoving = false;
  readonly #ports: StepPorts;
  readonly #options: WaitOptions;
  readonly #stuck: StuckPins;
  readonly #resend: GossipResend;

  constructor(steps: readonly Step[], ports: StepPorts, options: WaitOptions, { stuck, resend }: Helpers) {
    this.#wanted = new Map(steps.filter((step) => step.wanted !== undefined).map((step) => [step.cid, step]));
    this.#open = new Set(this.#wanted.keys());
    this.#ports = ports;
    this.#options = options;
    this.#stuck = stuck;
    this.#resend = resend;
  }

  async run(): Promise<void> {
    const { clock, signal } = this.#ports;
    if (this.#options.submitted) await clock.sleep(this.#pause(), signal);
    while (this.#open.size > 0) {
      await this.#look();
      if (this.#open.size === 0 || this.#options.wait === 'none') return;
      for (const cid of await this.#stuck.run()) if (!this.#resend.owes(cid)) this.#settle(cid);
      await this.#resend.run();
      await clock.sleep(this.#pause(), signal);
    }
  }

  /** What settled early may have changed while the rest was waited for. */
  async lookAgain(): Promise<void> {
    const stale = this.#stale();
    if (stale.length > 0) await this.#seeing(() => this.#askBatch(stale));
  }

  #stale(): string[] {
    const now = this.#ports.clock.now();
    return [...this.#seenAt].flatMap(([cid, at]) => (now - at > freshMs ? [cid] : []));
  }

  /**
   * A part of the time it has taken so far: looking adds little to it, and looks grow with its logarithm only. Where the last
   * look saw more copies, the rest are near.
   */
  #pause(): number {
    const { clock, random } = this.#ports;
    const { began, endsAt } = this.#options;
    const now = clock.now();
    const part = Math.min(
      longestPauseMs,
      Math.max(shortestPauseMs, (now - began) / (this.#isMoving ? 8 : 4)),
    );
    const pause = part * (0.75 + random() / 2);
    // The last look, at everything, falls shortly before the end, so that the report is not old.
    const left =
      endsAt === undefined || this.#lastLook(now) ? Number.POSITIVE_INFINITY : endsAt - lastLookMs - now;
    return Math.round(Math.min(pause, left));
  }

  #lastLook(now: number): boolean {
    const { endsAt } = this.#options;
    return endsAt !== undefined && now >= endsAt - lastLookMs;
  }

  /**
   * Looks at those not looked at for longest, and goes on as long as most of them are done. A target works
   * through what it was asked in order, so the rest are hardly further; asking about all of them each time
   * would keep it from its work.
   */
  async #look(): Promise<void> {
    const { clock } = this.#ports;
    this.polls += 1;
    const last = this.#lastLook(clock.now());
    const all = this.#options.wait === 'none' || last;
    const queue = last ? [...new Set([...this.#open, ...this.#stale()])] : [...this.#open];
    const least = all ? queue.length : queue.length / 10;
    const { copies } = this.#copies();
    await this.#seeing(() => pollInBatches(queue, least, (batch) => this.#askBatch(batch)));
    this.#isMoving = copies > 0 && this.#copies().copies > copies;
    this.#ports.emit({
      type: 'waiting',
      poll: this.polls,
      settled: this.settledAt.size,
      total: this.#wanted.size,
      ...this.#copies(),
      ...this.#waitsFor(),
    });
  }

  /** A look that fails is not the end: another one comes, or the report says so. */
  async #seeing(look: () => Promise<unknown>): Promise<void> {
    const { signal, emit } = this.#ports;
    try {
      await look();
      delete this.blind;
    } catch (error) {
      if (!(error instanceof PinningError) || signal.aborted) throw error;
      this.blind = error;
      const { code, message } = error;
      emit({ type: 'retry', what: 'status', attempt: this.polls, delayMs: 0, code, message });
    }
  }

  /** Answers how many of the batch have nothing to wait for any more. */
  async #askBatch(batch: readonly string[]): Promise<number> {
    const { target, signal } = this.#ports;
    for await (const state of target.observe(batch, { signal, detail: 'copies' })) this.#see(state);
    const open = batch.filter((cid) => this.#open.delete(cid));
    for (const cid of open) this.#open.add(cid);
    return batch.length - open.length;
  }

  #see(state: PinState): void {
    const step = this.#wanted.get(state.cid);
    if (step?.wanted === undefined) return;
    const now = this.#ports.clock.now();
    const coverage = coverageOf(state, step.wanted, this.#ports.info, now);
    this.coverages.set(state.cid, coverage);
    this.#seenAt.set(state.cid, now);
    if (!this.#open.has(state.cid)) return;
    this.#searched(step, state, now);
    const lost = this.#options.failures.has(state.cid) || step.kind === 'conflict';
    const spent = step.shortage !== undefined && coverage.copies >= step.shortage.fit;
    const over = lost || spent || hasExpired(step, now) || this.#options.wait === 'none';
    if (!over && this.#stuck.look(step, state)) return;
    if (over || this.#enough(step, coverage)) this.#settle(state.cid);
    else this.#resend.look(step, state);
  }

  /** Peers that search find what somebody has in seconds. */
  #searched({ cid, name }: Step, { peers }: PinState, now: number): void {
    const waitedMs = now - this.#options.began;
    if (waitedMs < searchMs || this.#unfound.has(cid) || peers.some(({ state }) => state === 'pinned'))
      return;
    if (!peers.some(isSearching)) return;
    this.#unfound.add(cid);
    this.#ports.emit({ type: 'unfound', cid, name, waitedMs });
  }

  #enough({ wanted, had, adds }: Step, coverage: Coverage): boolean {
    if (coverage.outcome !== 'satisfied') return false;
    const most = Math.max(coverage.wanted.min, Math.min(wanted?.max ?? 0, had.allocated + adds));
    return this.#options.wait !== 'max' || coverage.copies >= most;
  }

  #settle(cid: string): void {
    const coverage = this.coverages.get(cid);
    this.#resend.forget(cid);
    this.#stuck.forget(cid);
    if (!this.#open.delete(cid) || coverage === undefined) return;
    const now = this.#ports.clock.now();
    this.settledAt.set(cid, now);
    const { outcome, copies } = coverage;
    if (outcome === 'satisfied') this.#stuck.moved();
    this.#ports.emit({ type: 'settled', cid, outcome, copies, elapsedMs: now - this.#options.began });
  }

  /** More copies of one CID are no copies of another. */
  #waitsFor(): { waitsFor?: { cid: string; name: string; missing: string } } {
    for (const cid of this.#open) {
      const missing = this.coverages.get(cid)?.missing ?? '';
      const name = this.#wanted.get(cid)?.name ?? cid;
      if (missing !== '') return { waitsFor: { cid, name, missing } };
    }
    return {};
  }

  #copies(): { copies: number; copiesWanted: number } {
    let copies = 0;
    let copiesWanted = 0;
    for (const [cid, { wanted }] of this.#wanted) {
      const least = Math.max(0, wanted?.min ?? 0);
      copies += Math.min(least, this.coverages.get(cid)?.copies ?? 0);
      copiesWanted += least;
    }
    return { copies, copiesWanted };
  }
}
