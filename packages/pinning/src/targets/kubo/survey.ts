import { pooled } from '@holdfast/http';
import type { ExistingPin } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions } from '../../target/target.ts';
import type { KuboNode, NodePin } from './node.ts';

// A node is asked for each CID, or for all its pins when there are more than this.
const fewCids = 16;

interface Found {
  readonly pins: Map<string, NodePin>;
  readonly failure?: PinningError;
}

/** What each node has pinned of the CIDs in question. A node that does not answer is a finding, not the end. */
export class Survey {
  readonly #found: ReadonlyMap<KuboNode, Found>;

  constructor(found: ReadonlyMap<KuboNode, Found>) {
    this.#found = found;
  }

  failure(node: KuboNode): PinningError | undefined {
    return this.#found.get(node)?.failure;
  }

  holds(cid: string, node: KuboNode): boolean {
    return this.#found.get(node)?.pins.has(cid) === true;
  }

  holders(cid: string): KuboNode[] {
    return [...this.#found.keys()].filter((node) => this.holds(cid, node));
  }

  cids(): Set<string> {
    return new Set([...this.#found.values()].flatMap(({ pins }) => [...pins.keys()]));
  }

  /** As it was asked for; a pin that somebody else made has as many copies as it has. */
  async pin(cid: string, options: CallOptions): Promise<ExistingPin | undefined> {
    const holders = this.holders(cid);
    const [first] = holders;
    if (!first) return undefined;
    const allocations = holders.map((node) => node.peer);
    let failure: PinningError | undefined;
    for (const node of holders) {
      try {
        const record = await node.recall(cid, options);
        if (record) return { ...record.pin, allocations };
      } catch (error) {
        if (!(error instanceof PinningError) || !error.retryable) throw error;
        failure = error;
      }
    }
    // A pin must not pass for a stranger's because its record could not be read.
    if (failure) throw failure;
    const name = this.#found.get(first)?.pins.get(cid)?.name ?? '';
    const copies = holders.length;
    return { name, min: copies, max: copies, origins: [], metadata: {}, allocations };
  }
}

export function surveySome(
  nodes: readonly KuboNode[],
  cids: readonly string[],
  options: CallOptions,
): Promise<Survey> {
  return survey(nodes, options, async (node) => {
    const pins = new Map<string, NodePin>();
    if (cids.length <= fewCids) {
      await pooled(cids, 4, async (cid) => {
        const pin = await node.find(cid, options);
        if (pin) pins.set(cid, pin);
      });
      return pins;
    }
    const wanted = new Set(cids);
    for await (const pin of node.all(options)) if (wanted.has(pin.cid)) pins.set(pin.cid, pin);
    return pins;
  });
}

export async function surveyAll(nodes: readonly KuboNode[], options: CallOptions): Promise<Survey> {
  const all = await survey(nodes, options, async (node) => {
    const pins = new Map<string, NodePin>();
    for await (const pin of node.all(options)) pins.set(pin.cid, pin);
    return pins;
  });
  // No node's pins are not the same as no pins.
  const [failure] = nodes.map((node) => all.failure(node));
  if (failure && nodes.every((node) => all.failure(node))) throw failure;
  return all;
}

async function survey(
  nodes: readonly KuboNode[],
  options: CallOptions,
  ask: (node: KuboNode) => Promise<Map<string, NodePin>>,
): Promise<Survey> {
  const found = await Promise.all(
    nodes.map(async (node): Promise<[KuboNode, Found]> => {
      try {
        await node.identify(options);
        return [node, { pins: await ask(node) }];
      } catch (error) {
        const stopped = options.signal?.aborted === true;
        if (stopped || !(error instanceof PinningError) || error.code === 'unauthorized') throw error;
        return [node, { pins: new Map(), failure: error }];
      }
    }),
  );
  return new Survey(new Map(found));
}
