import type { Clock } from '@holdfast/http';
import type { PinningEvent } from '@holdfast/pinning';
import type { PeerCopy, PinState } from '@holdfast/pinning/target';

const everyMs = 5_000;
const shown = 8;

/** The log of a wait: every few seconds, what is queued, pinning and pinned, and where. */
export class Progress {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #line: (text: string) => void;
  readonly #names: ReadonlyMap<string, string>;
  readonly #states = new Map<string, PinState>();
  readonly #settled = new Set<string>();
  #last = Number.NEGATIVE_INFINITY;
  #said = '';

  /** `names` are the datasets of each CID. */
  constructor(clock: Pick<Clock, 'now'>, names: ReadonlyMap<string, string>, line: (text: string) => void) {
    this.#clock = clock;
    this.#names = names;
    this.#line = line;
  }

  readonly seen = (state: PinState): void => {
    this.#states.set(state.cid, state);
  };

  readonly event = (event: PinningEvent): void => {
    switch (event.type) {
      case 'capacity':
        for (const { message } of event.report.problems) this.#line(`⚠ ${message}`);
        return;
      case 'step-failed':
        this.#line(`✗ ${this.#name(event.cid)}: ${event.step}: ${event.message}`);
        return;
      case 'retry':
        this.#line(`… ${this.#name(event.what)} retrying in ${seconds(event.delayMs)} (${event.message})`);
        return;
      case 'recovering':
        this.#line(`… ${this.#name(event.cid)}: asked ${event.peers.join(', ')} to try again`);
        return;
      case 'unfound':
        this.#line(
          `⚠ ${this.#name(event.cid)}: no peer has found its content for ${seconds(event.waitedMs)}. If nobody published it, run: holdfast publish <folder> --manifest <manifest>`,
        );
        return;
      case 'settled':
        this.#settled.add(event.cid);
        return;
      case 'waiting':
        this.#waiting(event);
        return;
      default:
    }
  };

  #waiting({ settled, total, copies, copiesWanted }: Extract<PinningEvent, { type: 'waiting' }>): void {
    const now = this.#clock.now();
    if (settled === total || now - this.#last < everyMs) return;
    const open = [...this.#names.keys()].filter((cid) => this.#states.has(cid) && !this.#settled.has(cid));
    const lines = [
      `${settled} of ${total} done, ${copies} of ${copiesWanted} copies`,
      ...open
        .slice(0, shown)
        .map((cid) => `  ${this.#name(cid)}: ${whereabouts(this.#states.get(cid)?.peers ?? [])}`),
      ...(open.length > shown ? [`  and ${open.length - shown} more`] : []),
    ];
    const text = lines.join('\n');
    // While nothing moves, the same lines come less often. They never stop: silence looks like a hang.
    if (text === this.#said && now - this.#last < 6 * everyMs) return;
    this.#last = now;
    this.#said = text;
    for (const line of lines) this.#line(line);
  }

  #name(cid: string): string {
    return this.#names.get(cid) ?? cid;
  }
}

const order = ['pinned', 'pinning', 'queued', 'error', 'down', 'unpinning'] as const;

/** `pinned on peer-0; queued on peer-1, peer-2`. */
function whereabouts(peers: readonly PeerCopy[]): string {
  const groups = order.flatMap((state) => {
    const names = peers
      .filter((copy) => copy.state === state)
      .map(({ name, peer }) => name || `…${peer.slice(-8)}`);
    return names.length === 0 ? [] : [`${state} on ${names.sort().join(', ')}`];
  });
  return groups.join('; ') || 'no peer has started';
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
