import { pooled } from '@holdfast/http';
import type { Step } from '../../plan/step.ts';
import { ownerKey } from '../../target/claim-metadata.ts';
import type { PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type { TargetInfo } from '../../target/target.ts';
import { runStep, stepNow } from '../step/run-step.ts';
import type { StepPorts, WaitBudget } from '../step/step-ports.ts';

interface Trouble {
  readonly step: Step;
  /** Nobody works on it. */
  readonly idle: boolean;
  /** Another writer took this owner's claim away. */
  readonly replaced: boolean;
  readonly failing: readonly string[];
  readonly down: readonly string[];
}

interface Patience {
  tries: number;
  dueAt: number;
}

const firstMs = 3_000;
/** A peer that is behind shows the pin as it was before. */
const replacedMs = 1_000;
const longestMs = 60_000;
/** A peer that says nothing of a CID may not have heard of it yet: gossip takes seconds on a busy cluster. */
const idleMs = 20_000;

/**
 * What helps a CID that is getting nowhere: peers that gave up try again, a peer that died is replaced, a
 * pin that another writer replaced is written again. Seldom, and only for CIDs in trouble.
 */
export class StuckPins {
  readonly #ports: StepPorts;
  readonly #budget: WaitBudget;
  readonly #patience = new Map<string, Patience>();
  /** CIDs whose claim was read back after it seemed gone. */
  readonly #checked = new Set<string>();
  readonly #troubles = new Map<string, Trouble>();
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(ports: StepPorts, budget: WaitBudget) {
    this.#ports = ports;
    this.#budget = budget;
  }

  /**
   * Notes whether a CID is in trouble; a peer that is queued or pinning is work in progress, not trouble.
   * Answers whether this owner's claim to it seems gone.
   */
  look(step: Step, state: PinState): boolean {
    const at = (...states: string[]) =>
      state.peers.filter((copy) => states.includes(copy.state)).map(({ peer }) => peer);
    const failing = at('error');
    const down = at('down');
    const idle = at('queued', 'pinning', 'error', 'down', 'unpinning').length === 0;
    const checked = step.kind === 'adopt' || this.#checked.has(state.cid);
    const replaced = !checked && isReplaced(state, this.#ports.plan.owner);
    if (failing.length === 0 && down.length === 0 && !idle && !replaced) {
      this.#troubles.delete(state.cid);
      return false;
    }
    this.#troubles.set(state.cid, { step, idle, replaced, failing, down });
    if (!this.#patience.has(state.cid)) {
      const dueAt = this.#ports.clock.now() + (replaced ? replacedMs : idle ? idleMs : firstMs);
      this.#patience.set(state.cid, { tries: 0, dueAt });
    }
    return replaced;
  }

  /** Copies came to be: gossip that is behind is on its way, and comes to the others too. */
  moved(): void {
    this.#movedAt = this.#ports.clock.now();
  }

  /** For a CID with which there is nothing to wait for any more. */
  forget(cid: string): void {
    this.#troubles.delete(cid);
  }

  /** Helps where it is time to. Answers the CIDs for which nothing more can come. */
  async run(): Promise<string[]> {
    const { clock, target, signal } = this.#ports;
    const due = [...this.#troubles].filter(([cid]) => (this.#patience.get(cid)?.dueAt ?? 0) <= clock.now());
    this.#troubles.clear();
    if (due.length === 0) return [];
    const hopeless: string[] = [];
    try {
      // Peers may have come or gone since the plan was made.
      const info = await target.inspect({ signal });
      const ports = { ...this.#ports, info };
      await pooled(due, this.#budget.concurrency, async ([cid, trouble]) => {
        if (!isReal(trouble, info)) this.#patienceFor(cid).dueAt = clock.now() + firstMs;
        else if (!(await this.#help(cid, trouble, ports))) hopeless.push(cid);
      });
    } catch (error) {
      if (!(error instanceof PinningError) || signal.aborted) throw error;
    }
    return hopeless;
  }

  async #help(
    cid: string,
    { step, idle, replaced, failing, down }: Trouble,
    ports: StepPorts,
  ): Promise<boolean> {
    const patience = this.#patienceFor(cid);
    patience.tries += 1;
    patience.dueAt = ports.clock.now() + Math.min(longestMs, firstMs * 2 ** patience.tries);
    try {
      const now = await stepNow(step, ports);
      if (replaced) this.#checked.add(cid);
      if (now === undefined || now.kind === 'keep' || now.kind === 'adopt' || now.kind === 'conflict') {
        return !idle || patience.tries < 2 || this.#isMoving();
      }
      ports.emit({ type: 'recovering', cid, step: now.kind, peers: [...failing, ...down] });
      await runStep(now, ports);
    } catch (error) {
      if (!(error instanceof PinningError) || ports.signal.aborted) throw error;
      const { code, message } = error;
      ports.emit({ type: 'step-failed', cid, step: step.kind, code, message });
    }
    return true;
  }

  /** Gossip is as slow as everything else: what has taken long may stand still for long. */
  #isMoving(): boolean {
    const now = this.#ports.clock.now();
    return now - this.#movedAt < Math.max(idleMs, (now - this.#budget.began) / 2);
  }

  #patienceFor(cid: string): Patience {
    const patience = this.#patience.get(cid) ?? { tries: 0, dueAt: 0 };
    this.#patience.set(cid, patience);
    return patience;
  }
}

/** Whether this owner's claim is gone. What a peer tells that has not heard of the pin is empty, and proves nothing. */
function isReplaced({ pin, hint }: PinState, owner: string): boolean {
  const metadata = pin?.metadata ?? hint?.metadata ?? {};
  const allocations = pin?.allocations ?? hint?.allocations ?? [];
  const told = Object.keys(metadata).length > 0 || allocations.length > 0;
  return told && metadata[ownerKey]?.split(' ').includes(owner) !== true;
}

/** A busy peer that did not answer in time is called down for a moment; one without fresh metrics is down. */
function isReal({ idle, replaced, failing, down }: Trouble, info: TargetInfo): boolean {
  const up = new Set(info.peers.filter((peer) => peer.up).map((peer) => peer.id));
  return idle || replaced || failing.length > 0 || down.some((peer) => !up.has(peer));
}
