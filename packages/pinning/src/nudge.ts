import type { ApplyPorts } from './apply.ts';
import type { PinState } from './pin-state.ts';
import { PinningError } from './pinning-error.ts';
import { pooled } from './pool.ts';
import { ownerKey } from './reference.ts';
import type { Step } from './step.ts';
import { runStep, stepNow } from './step-run.ts';

interface Trouble {
  readonly step: Step;
  readonly idle: boolean;
  readonly peers: readonly string[];
}

interface Patience {
  tries: number;
  dueAt: number;
}

const firstMs = 3_000;
const longestMs = 60_000;
/** A peer that says nothing of a CID may not have heard of it yet: gossip takes seconds on a busy cluster. */
const idleMs = 20_000;

/**
 * What helps a CID that is getting nowhere: peers that gave up try again, a peer that died is replaced, a
 * pin that another writer replaced is written again. Seldom, and only for CIDs in trouble.
 */
export class Nudges {
  readonly #ports: ApplyPorts;
  readonly #width: number;
  readonly #patience = new Map<string, Patience>();
  readonly #troubles = new Map<string, Trouble>();

  constructor(ports: ApplyPorts, width: number) {
    this.#ports = ports;
    this.#width = width;
  }

  /** Notes whether a CID is in trouble; a peer that is queued or pinning is work in progress, not trouble. */
  look(step: Step, state: PinState): void {
    const at = (...states: string[]) =>
      state.peers.filter((copy) => states.includes(copy.state)).map(({ peer }) => peer);
    const failing = at('error', 'down');
    const idle = at('queued', 'pinning', 'error', 'down', 'unpinning').length === 0;
    const metadata = state.pin?.metadata ?? state.hint?.metadata;
    const owners = metadata?.[ownerKey]?.split(' ') ?? [];
    const replaced =
      step.kind !== 'adopt' && metadata !== undefined && !owners.includes(this.#ports.plan.owner);
    if (failing.length === 0 && !idle && !replaced) {
      this.#troubles.delete(state.cid);
      return;
    }
    this.#troubles.set(state.cid, { step, idle, peers: failing });
    if (!this.#patience.has(state.cid)) {
      const dueAt = this.#ports.clock.now() + (replaced ? 0 : idle ? idleMs : firstMs);
      this.#patience.set(state.cid, { tries: 0, dueAt });
    }
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
      const ports = { ...this.#ports, info: await target.inspect({ signal }) };
      await pooled(due, this.#width, async ([cid, trouble]) => {
        if (!(await this.#help(cid, trouble, ports))) hopeless.push(cid);
      });
    } catch (error) {
      if (!(error instanceof PinningError) || signal.aborted) throw error;
    }
    return hopeless;
  }

  async #help(cid: string, { step, idle, peers }: Trouble, ports: ApplyPorts): Promise<boolean> {
    const patience = this.#patience.get(cid) ?? { tries: 0, dueAt: 0 };
    patience.tries += 1;
    patience.dueAt = ports.clock.now() + Math.min(longestMs, firstMs * 2 ** patience.tries);
    try {
      const now = await stepNow(step, ports);
      if (now === undefined || now.kind === 'keep' || now.kind === 'adopt' || now.kind === 'conflict') {
        return !idle || patience.tries < 2;
      }
      ports.emit({ type: 'recovering', cid, step: now.kind, peers });
      await runStep(now, ports);
    } catch (error) {
      if (!(error instanceof PinningError) || ports.signal.aborted) throw error;
      const { code, message } = error;
      ports.emit({ type: 'step-failed', cid, step: step.kind, code, message });
    }
    return true;
  }
}
