import { answerOf, type CopySource } from '../../src/proof/copy-source.ts';

/** A copy in memory: what it lacks, and what it has under a wrong name, is up to the test. */
export class MemoryCopy implements CopySource {
  readonly blocks: Map<string, Uint8Array>;
  /** CIDs in the order they were asked for. */
  readonly asked: string[] = [];

  constructor(blocks: ReadonlyMap<string, Uint8Array>) {
    this.blocks = new Map(blocks);
  }

  async read(cid: string, { signal }: { readonly signal: AbortSignal }) {
    signal.throwIfAborted();
    this.asked.push(cid);
    const bytes = this.blocks.get(cid);
    return bytes === undefined ? ({ kind: 'missing' } as const) : answerOf(cid, bytes);
  }
}
