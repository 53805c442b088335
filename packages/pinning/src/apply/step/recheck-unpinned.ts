import { believedUntil } from '../../target/believed-look.ts';
import { retryAndReport } from './retry-and-report.ts';
import type { StepPorts } from './step-ports.ts';

/** A cluster tells all its pins in one request, and tells them slowly while it is writing; others take one for every few CIDs. */
const batchSizes = { cluster: 5_000, other: 50 } as const;

interface Look {
  /** Until when it is believed. */
  until: number;
  readonly pinned: Promise<ReadonlySet<string>>;
}

/**
 * What the plan found unpinned is looked at again just before it is written, since a write replaces all that somebody
 * else may have pinned in the meantime. Many at a time: a look for each would take as long as the writes.
 */
export class UnpinnedRecheck {
  readonly #cids: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #looks = new Map<string, Look>();
  readonly #ports: StepPorts;

  /** The CIDs in the order in which they will be asked about. */
  constructor(cids: readonly string[], ports: StepPorts) {
    this.#cids = cids;
    this.#places = new Map(cids.map((cid, index) => [cid, index]));
    this.#ports = ports;
  }

  async isPinnedNow(cid: string): Promise<boolean> {
    if (this.#ports.clock.now() <= (this.#ports.plan.freshUntil ?? 0)) return false;
    const known = this.#looks.get(cid);
    const fresh = known !== undefined && this.#ports.clock.now() <= known.until;
    const { pinned } = fresh ? known : this.#look(cid);
    return (await pinned).has(cid);
  }

  #look(cid: string): Look {
    const from = this.#places.get(cid) ?? 0;
    const tellsAll = ['cluster', 'group'].includes(this.#ports.info.kind);
    const size = tellsAll ? batchSizes.cluster : batchSizes.other;
    const batch = this.#cids.slice(from, from + size);
    const began = this.#ports.clock.now();
    const look: Look = { until: Number.POSITIVE_INFINITY, pinned: this.#ask(batch) };
    const answered = () => {
      const now = this.#ports.clock.now();
      look.until = believedUntil(began, now);
    };
    look.pinned.then(answered, answered);
    for (const each of batch) this.#looks.set(each, look);
    return look;
  }

  #ask(batch: readonly string[]): Promise<ReadonlySet<string>> {
    const { target, signal } = this.#ports;
    return retryAndReport(
      batch.length === 1 ? (batch[0] ?? '') : `${batch.length} CIDs`,
      this.#ports,
      async () => {
        const pinned = new Set<string>();
        for await (const { cid, pin } of target.observe(batch, { signal, detail: 'pin' }))
          if (pin !== undefined) pinned.add(cid);
        return pinned;
      },
    );
  }
}
