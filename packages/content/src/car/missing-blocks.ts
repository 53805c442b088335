import { blockKey } from '../dag/block-links.ts';
import { cidText } from '../dag/link-cid.ts';
import type { FolderTree, PlannedBlock, Subtree } from './car-plan.ts';

/** What a target has. */
export interface BlockPresence {
  /** For each CID, whether its block and every block below it is there. */
  whole(cids: readonly string[], signal?: AbortSignal): Promise<readonly boolean[]>;
}

/** What a target has of which it is not known what it has is found with this many questions, or is little. */
const samples = 32;

/**
 * The blocks that are not there, parents before children. Asked from the root down, level by level, so that what has
 * not changed is one question however large it is.
 */
export async function findMissing(
  tree: FolderTree,
  plan: () => Iterable<PlannedBlock>,
  presence: BlockPresence,
  signal: AbortSignal | undefined,
): Promise<readonly PlannedBlock[]> {
  const [all] = await presence.whole([textOf(tree.root.cid)], signal);
  if (all) return [];
  if (await isNew(plan, presence, signal)) return [...plan()];
  const missing: PlannedBlock[] = [];
  const seen = new Set<string>();
  let level: Subtree[] = [tree.root];
  let whole: readonly boolean[] = [false];
  while (level.length > 0) {
    const next: Subtree[] = [];
    for (const [i, subtree] of level.entries()) {
      if (whole[i]) continue;
      const { block, children } = tree.open(subtree);
      missing.push(block);
      for (const child of children) {
        const key = blockKey(child.cid);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(child);
      }
    }
    signal?.throwIfAborted();
    whole =
      next.length === 0
        ? []
        : await presence.whole(
            next.map(({ cid }) => textOf(cid)),
            signal,
          );
    level = next;
  }
  return missing;
}

/**
 * Whether none of it is there: to find that out block by block would take longer than to send it. Blocks spread evenly
 * over the bytes stand for the rest; of an upload that broke, the first of them arrived.
 */
async function isNew(
  plan: () => Iterable<PlannedBlock>,
  presence: BlockPresence,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let total = 0;
  const leaves: PlannedBlock[] = [];
  let first: PlannedBlock | undefined;
  for (const block of plan()) {
    if ('bytes' in block) continue;
    first ??= block;
    total += block.length;
  }
  if (first === undefined) return false;
  let at = 0;
  for (const block of plan()) {
    if ('bytes' in block) continue;
    if (
      block === first ||
      Math.floor((at * samples) / total) < Math.floor(((at + block.length) * samples) / total)
    )
      leaves.push(block);
    at += block.length;
  }
  const found = await presence.whole(
    leaves.map(({ cid }) => textOf(cid)),
    signal,
  );
  return !found.includes(true);
}

function textOf({ codec, digest }: Subtree['cid']): string {
  return cidText(codec, digest);
}
