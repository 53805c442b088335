import { blockKey, type ContentCid, cidText } from '@holdfast/content/internal';
import { sha256 } from '@holdfast/manifest/sha256';
import type { CopySource } from './copy-source.ts';
import type { ReadBudget } from './read-budget.ts';

/** The most CIDs of lost blocks that a proof names; the rest are counted. */
export const mostNamed = 1000;

/** The blocks of one copy that were asked for, each once, and what came. */
export class BlockChecks {
  readonly #source: CopySource;
  readonly #signal: AbortSignal;
  readonly #budget: ReadBudget | undefined;
  readonly #lost = new Set<string>();
  readonly missing: string[] = [];
  readonly damaged: string[] = [];
  /** Blocks that were shown, and their bytes. */
  blocks = 0;
  bytes = 0;
  lost = 0;
  longestMs = 0;
  /** A node says another size of what is below a link than there is: the draw is not uniform. */
  uneven = false;

  constructor(source: CopySource, signal: AbortSignal, budget: ReadBudget | undefined) {
    this.#source = source;
    this.#signal = signal;
    this.#budget = budget;
  }

  async read(cid: ContentCid): Promise<Uint8Array | undefined> {
    this.#signal.throwIfAborted();
    // An empty block has nothing to lose, and Kubo denies over bitswap that it has it.
    if (isEmpty(cid)) return new Uint8Array();
    const text = cidText(cid.codec, cid.digest);
    const began = performance.now();
    const answer = await this.#source.read(text, { signal: this.#signal });
    this.longestMs = Math.max(this.longestMs, performance.now() - began);
    if (answer.kind === 'block') {
      this.blocks += 1;
      this.bytes += answer.bytes.length;
      this.#budget?.spend(answer.bytes.length);
      return answer.bytes;
    }
    const key = blockKey(cid);
    if (!this.#lost.has(key)) {
      this.#lost.add(key);
      this.lost += 1;
      if (this.lost <= mostNamed) this[answer.kind].push(text);
    }
    return undefined;
  }
}

const emptyDigest = sha256(new Uint8Array());

function isEmpty({ codec, digest }: ContentCid): boolean {
  return codec === 'raw' && digest.every((byte, at) => byte === emptyDigest[at]);
}
