import { blockKey, type ContentCid, parseCid, weighedLinks } from '@holdfast/content/internal';
import type { BlockChecks } from './block-checks.ts';

/** A part of a DAG's bytes, as shares of all: from 0 to 1 is the whole. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

interface Task {
  readonly cid: ContentCid;
  /** Where this node begins among all bytes, and what hangs here, as the node above says. */
  readonly at: number;
  readonly size: number;
}

const blocksAtOnce = 32;

/** Looks at every block that has bytes in a share of the DAG, and at those on the way to them. */
export async function checkRange(root: string, share: Share, checks: BlockChecks): Promise<void> {
  const cid = parseCid(root);
  const block = await checks.read(cid);
  if (block === undefined) return;
  const size = block.length + weighedLinks(cid, block).reduce((sum, link) => sum + link.bytes, 0);
  await new RangeWalk(share.from * size, share.to * size, checks).run({ cid, at: 0, size }, block);
}

class RangeWalk {
  readonly #from: number;
  readonly #to: number;
  readonly #checks: BlockChecks;
  readonly #todo: Task[] = [];
  /** Blocks seen whole, with all below: a second link to them adds nothing. */
  readonly #seen = new Set<string>();

  constructor(from: number, to: number, checks: BlockChecks) {
    this.#from = from;
    this.#to = to;
    this.#checks = checks;
  }

  async run(root: Task, block: Uint8Array): Promise<void> {
    this.#push(root, block);
    const running = new Set<Promise<void>>();
    while (this.#todo.length > 0 || running.size > 0) {
      const task = running.size < blocksAtOnce ? this.#todo.pop() : undefined;
      if (task === undefined) {
        await Promise.race(running);
        continue;
      }
      const look = this.#look(task).finally(() => running.delete(look));
      // Seen to when it is awaited; a failure meanwhile must not end the process.
      look.catch(() => undefined);
      running.add(look);
    }
  }

  async #look(task: Task): Promise<void> {
    const block = await this.#checks.read(task.cid);
    if (block !== undefined) this.#push(task, block);
  }

  #push({ cid, at, size }: Task, block: Uint8Array): void {
    const links = weighedLinks(cid, block);
    const total = links.reduce((sum, link) => sum + link.bytes, block.length);
    // Where the sizes do not add up, nobody knows where a part begins: then all below is in the share.
    const uneven = total !== size;
    if (uneven) this.#checks.uneven = true;
    let start = at + block.length;
    const tasks: Task[] = [];
    for (const link of links) {
      const task = uneven ? { cid: link.cid, at, size } : { cid: link.cid, at: start, size: link.bytes };
      start += link.bytes;
      if (this.#isWanted(task)) tasks.push(task);
    }
    for (const task of tasks.reverse()) this.#todo.push(task);
  }

  #isWanted({ cid, at, size }: Task): boolean {
    // A link that says no size may have anything below it.
    const isOutside = size > 0 ? at >= this.#to || at + size <= this.#from : at > this.#to || at < this.#from;
    if (isOutside) return false;
    const isWhole = at >= this.#from && at + size <= this.#to;
    const key = blockKey(cid);
    if (this.#seen.has(key)) return false;
    if (isWhole) this.#seen.add(key);
    return true;
  }
}
