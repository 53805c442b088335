import { pooled } from '@holdfast/http';
import { isChange, type Step } from '../../plan/step.ts';
import { isOwn } from '../../target/claim-metadata.ts';
import type { ExistingPin, PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import { observeOne, runStep, stepNow } from '../step/run-step.ts';
import type { StepPorts, WaitBudget } from '../step/step-ports.ts';

/** Of a burst of writes the last ones are lost more often than not, and one more write is cheap: so the first comes soon. */
const firstMs = 200;
const shortestMs = 800;
const longestMs = 15_000;
/** A peer that is behind takes so long for each pin, on three busy peers of one machine. */
const catchUpMs = 30;
const mostCatchUpMs = 10_000;
/** How many more are written again each time that the last ones did not wake the peers. */
const growth = 4;
const mostAtOnce = 256;
/** How often one pin is written again before waiting for it is given up. */
const enough = 4;
/** The peer that answers is asked that often before all are. */
const gentleRounds = 2;

/**
 * The peers of a cluster hear of pins by gossip, where a message can be lost; the next one makes up for it
 * only when there is a next one. So when peers that were asked seem not to have heard of it, one of the pins is
 * written again just as it is, and with it they learn all they missed. A peer that failed to fetch a part of the
 * history learns only the pin itself from that, for the hour until it repairs itself: so each time that
 * nothing comes any more, more of them are written again. Where that does not help, they are written through each peer that can
 * be asked: the peer that took the first writes may have died before it told them, and then the others do not get them from
 * each other.
 */
export class GossipResend {
  readonly #ports: StepPorts;
  readonly #budget: WaitBudget;
  /** Those looked at longest ago first: what is written again is then among what is looked at next. */
  readonly #unheard = new Map<string, Step>();
  readonly #told = new Map<string, number>();
  #dueAt: number | undefined;
  #size = 1;
  #round = 0;

  constructor(ports: StepPorts, budget: WaitBudget) {
    this.#ports = ports;
    this.#budget = budget;
  }

  look(step: Step, state: PinState): void {
    const asked = state.pin?.allocations ?? state.hint?.allocations;
    // A cluster may let a peer speak for all that has not heard of the pin itself: nobody is asked, it says.
    const unheard = state.peers.some(
      (copy) => copy.state === 'absent' && (asked?.length === 0 || asked?.includes(copy.peer)),
    );
    if (unheard) {
      this.#unheard.delete(state.cid);
      this.#unheard.set(state.cid, step);
    } else this.forget(state.cid);
    if (this.#unheard.size > 0) this.#dueAt ??= this.#ports.clock.now() + this.#delay();
  }

  /** For a CID with which there is nothing to wait for any more. */
  forget(cid: string): void {
    if (!this.#unheard.delete(cid)) return;
    // That is news, so gossip is at work.
    if (!this.#first || this.#unheard.size === 0) this.#dueAt = undefined;
  }

  /** Whether there is hope for a CID yet: peers have not heard of it, and its own turn to be written again is to come. */
  owes(cid: string): boolean {
    return this.#unheard.has(cid) && (this.#told.get(cid) ?? 0) < enough;
  }

  get #turns(): number {
    return this.#ports.target.turns ?? 1;
  }

  get #first(): boolean {
    return this.#size === 1;
  }

  async run(): Promise<void> {
    const { clock } = this.#ports;
    if (this.#unheard.size === 0 || this.#dueAt === undefined || clock.now() < this.#dueAt) return;
    const steps = [...this.#unheard.values()].slice(0, this.#size);
    this.#size = Math.min(mostAtOnce, this.#size * growth);
    this.#dueAt = clock.now() + this.#delay();
    const turns = this.#round < gentleRounds ? 1 : this.#turns;
    this.#round += 1;
    await pooled(steps, this.#budget.concurrency, (step) => this.#again(step, turns));
  }

  async #again(step: Step, turns: number): Promise<void> {
    const { target, signal, plan, emit } = this.#ports;
    const { cid } = step;
    this.#told.set(cid, (this.#told.get(cid) ?? 0) + 1);
    try {
      const pin = await this.#known(cid);
      if (pin === undefined) await this.#anew(step);
      else if (!isOwn(pin, plan.owner)) return;
      else for (let turn = 0; turn < turns; turn += 1) await target.pin(cid, pin, { signal, turn });
      emit({ type: 'echoed', cid, unheard: this.#unheard.size });
    } catch (error) {
      if (!(error instanceof PinningError) || signal.aborted) throw error;
      // It was worth a try; waiting goes on, and another try comes.
      const { code, message } = error;
      emit({ type: 'retry', what: cid, attempt: 1, delayMs: this.#delay(), code, message });
    }
  }

  /** The peer that took the write was the only one that ever knew of it. */
  async #anew(step: Step): Promise<void> {
    const now = await stepNow(step, this.#ports);
    if (now !== undefined && isChange(now)) await runStep(now, this.#ports);
  }

  /** The pin as any peer has it: the one that is asked first may be the one that has not heard. */
  async #known(cid: string): Promise<ExistingPin | undefined> {
    for (let turn = 0; turn < this.#turns; turn += 1) {
      const { pin } = await observeOne(cid, this.#ports, { detail: 'pin', turn });
      if (pin !== undefined) return pin;
    }
    return undefined;
  }

  /**
   * Gossip is as slow as everything else: the longer all of it takes, the longer it is given. A peer that has heard of the last
   * write gets the ones before it one by one, and each that is written again meanwhile is one more.
   */
  #delay(): number {
    if (this.#first) return firstMs;
    const elapsedMs = this.#ports.clock.now() - this.#budget.began;
    const behindMs = Math.min(mostCatchUpMs, this.#unheard.size * catchUpMs);
    return Math.min(longestMs, Math.max(shortestMs, elapsedMs / 4, behindMs));
  }
}
