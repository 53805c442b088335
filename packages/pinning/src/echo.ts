import type { ApplyPorts } from './apply-ports.ts';
import type { PinState } from './pin-state.ts';
import { PinningError } from './pinning-error.ts';
import { isOwn } from './reference.ts';
import { observeOne } from './step-run.ts';

const shortestMs = 800;
const longestMs = 30_000;

/**
 * The peers of a cluster hear of pins by gossip, where a message can be lost; the next one makes up for it
 * only when there is a next one. So when peers that were asked seem not to have heard of it, one of the pins
 * is written again just as it is, and with it they learn all they missed.
 */
export class Echo {
  readonly #ports: ApplyPorts;
  readonly #unheard = new Set<string>();
  readonly #began: number;
  #dueAt: number | undefined;

  constructor(ports: ApplyPorts, began: number) {
    this.#ports = ports;
    this.#began = began;
  }

  look(state: PinState): void {
    const asked = state.pin?.allocations ?? state.hint?.allocations;
    // A cluster may let a peer speak for all that has not heard of the pin itself: nobody is asked, it says.
    const unheard = state.peers.some(
      (copy) => copy.state === 'absent' && (asked?.length === 0 || asked?.includes(copy.peer)),
    );
    if (unheard) this.#unheard.add(state.cid);
    else this.#unheard.delete(state.cid);
    if (this.#unheard.size === 0) this.#dueAt = undefined;
    else this.#dueAt ??= this.#ports.clock.now() + this.#delay();
  }

  /** For a CID with which there is nothing to wait for any more. */
  forget(cid: string): void {
    this.#unheard.delete(cid);
  }

  async run(): Promise<void> {
    const { clock, target, signal, plan, emit } = this.#ports;
    const [cid] = this.#unheard;
    if (cid === undefined || this.#dueAt === undefined || clock.now() < this.#dueAt) return;
    const delayMs = this.#delay();
    this.#dueAt = clock.now() + delayMs;
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
      emit({ type: 'retry', what: cid, attempt: 1, delayMs, code, message });
    }
  }

  /** Gossip is as slow as everything else: the longer all of it takes, the longer it is given. */
  #delay(): number {
    return Math.min(longestMs, Math.max(shortestMs, (this.#ports.clock.now() - this.#began) / 4));
  }
}
