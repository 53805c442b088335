import { LocalTarget, type LocalTargetOptions, type PinTarget } from '@holdfast/pinning';
import { createGateways, type Gateways } from '@holdfast/retrieval';

/** No node takes a larger one from another. */
const maxBytes = 4 << 20;

type FetchBlock = NonNullable<LocalTargetOptions['fetchBlock']>;

/** Where the folders of a group get what they lack: from each other, then from the gateways that its targets name. */
export class GroupBlocks {
  readonly #folders: LocalTarget[] = [];
  readonly #addresses: readonly string[];
  #gateways: Gateways | undefined;

  constructor(gateways: readonly string[]) {
    this.#addresses = [...new Set(gateways)];
  }

  add(target: PinTarget): void {
    if (target instanceof LocalTarget) this.#folders.push(target);
  }

  readonly fetch: FetchBlock = async (cid, { signal = new AbortController().signal }) => {
    for (const folder of this.#folders) {
      const bytes = await folder.getBlock(cid).catch(() => undefined);
      if (bytes !== undefined) return bytes;
    }
    if (this.#addresses.length === 0) return undefined;
    this.#gateways ??= createGateways(this.#addresses.map((url) => ({ kind: 'gateway', url })));
    return this.#gateways.block(cid, { signal, maxBytes }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
  };
}
