import { pooled } from '@holdfast/http';
import { isOwn } from '../../target/claim-metadata.ts';
import type { PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import { observeOne } from '../step/run-step.ts';
import type { StepPorts, WaitBudget } from '../step/step-ports.ts';

/** Of a burst of writes the last ones are lost more often than not, and one more write is cheap: so the first comes soon. */
const firstMs = 200;
const shortestMs = 800;
const longestMs = 15_000;
/** How many more are written again each time that the last ones did not wake the peers. */
const growth = 4;
const mostAtOnce = 256;
/** How often one pin is written again before waiting for it is given up. */
const enough = 2;

/**
 * The peers of a cluster hear of pins by gossip, where a message can be lost; the next one makes up for it
 * only when there is a next one. So when peers that were asked seem not to have heard of it, one of the pins is
 * written again just as it is, and with it they learn all they missed. A peer that failed to fetch a part of the
 * history learns only the pin itself from that, for the hour until it repairs itself: so each time that
 * nothing comes any more, more of them are written again.
 */
export class GossipResend {
  readonly #ports: StepPorts;
  readonly #budget: WaitBudget;
  /** Those looked at longest ago first: what is written again is then among what is looked at next. */
  readonly #unheard = new Set<string>();
  readonly #told = new Map<string, number>();
  #dueAt: number | undefined;
  #size = 1;

  constructor(ports: StepPorts, budget: WaitBudget) {
    this.#ports = ports;
    this.#budget = budget;
  }

  look(state: PinState): void {
    const asked = state.pin?.allocations ?? state.hint?.allocations;
    // A cluster may let a peer speak for all that has not heard of the pin itself: nobody is asked, it says.
    const unheard = state.peers.some(
      (copy) => copy.state === 'absent' && (asked?.length === 0 || asked?.includes(copy.peer)),
    );
    if (unheard) {
      this.#unheard.delete(state.cid);
      this.#unheard.add(state.cid);
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

  get #first(): boolean {
    return this.#size === 1;
  }

  async run(): Promise<void> {
    const { clock } = this.#ports;
    if (this.#unheard.size === 0 || this.#dueAt === undefined || clock.now() < this.#dueAt) return;
    const cids = [...this.#unheard].slice(0, this.#size);
    this.#size = Math.min(mostAtOnce, this.#size * growth);
    this.#dueAt = clock.now() + this.#delay();
    await pooled(cids, this.#budget.concurrency, (cid) => this.#again(cid));
  }

  async #again(cid: string): Promise<void> {
    const { target, signal, plan, emit } = this.#ports;
    this.#told.set(cid, (this.#told.get(cid) ?? 0) + 1);
    try {
      const { pin } = await observeOne(cid, this.#ports, 'pin');
      if (pin === undefined || !isOwn(pin, plan.owner)) return;
      const { allocations: _allocations, ...same } = pin;
      await target.pin(cid, same, { signal });
      emit({ type: 'echoed', cid, unheard: this.#unheard.size });
    } catch (error) {
      if (!(error instanceof PinningError) || signal.aborted) throw error;
      // It was worth a try; waiting goes on, and another try comes.
      const { code, message } = error;
      emit({ type: 'retry', what: cid, attempt: 1, delayMs: this.#delay(), code, message });
    }
  }

  /** Gossip is as slow as everything else: the longer all of it takes, the longer it is given. */
  #delay(): number {
    const elapsedMs = this.#ports.clock.now() - this.#budget.began;
    return this.#first ? firstMs : Math.min(longestMs, Math.max(shortestMs, elapsedMs / 4));
  }
}
