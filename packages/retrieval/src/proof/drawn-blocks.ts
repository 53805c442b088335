import { blockKey, type ContentCid, parseCid, weighedLinks } from '@holdfast/content/internal';
import { pooled } from '@holdfast/http';
import type { BlockChecks } from './block-checks.ts';

interface DrawnNode {
  readonly cid: ContentCid;
  /** What the node above says hangs here. */
  readonly size: number;
  /** Drawn places, counted from the first byte of this node. */
  readonly places: number[];
}

const blocksAtOnce = 32;

/**
 * Looks at the block in which each drawn place lies, on the way down from the root. The bytes of a DAG are those of a node,
 * then of what its links refer to, in order; a block that is linked twice counts twice. Returns how many of
 * the places are lost: their block, or one on the way, could not be shown.
 */
export async function checkDrawn(
  root: string,
  draw: (total: number) => readonly number[],
  checks: BlockChecks,
): Promise<number> {
  let lost = 0;
  const top = { cid: parseCid(root), size: 0, places: [] };
  const block = await checks.read(top.cid);
  if (block === undefined) return draw(1).length;
  let level = below(top, block, checks, draw);
  while (level.length > 0) {
    const next: DrawnNode[] = [];
    await pooled(level, blocksAtOnce, async (node) => {
      const found = await checks.read(node.cid);
      if (found === undefined) lost += node.places.length;
      else next.push(...below(node, found, checks));
    });
    level = merged(next);
  }
  return lost;
}

function below(
  { cid, size, places }: DrawnNode,
  block: Uint8Array,
  checks: BlockChecks,
  draw?: (total: number) => readonly number[],
): DrawnNode[] {
  const links = weighedLinks(cid, block);
  const said = links.reduce((sum, link) => sum + link.bytes, 0);
  // Without sizes each link is as good as another, and the draw goes by their number.
  const unsized = links.length > 0 && said === 0;
  const total = block.length + (unsized ? links.length : said);
  if (unsized || (draw === undefined && size !== total)) checks.uneven = true;
  const drawn = draw?.(total) ?? places.map((at) => (size === total ? at : Math.floor((at / size) * total)));
  const nodes = new Map<number, DrawnNode>();
  const ends: number[] = [];
  let end = block.length;
  for (const link of links) {
    end += unsized ? 1 : link.bytes;
    ends.push(end);
  }
  for (const at of drawn) {
    if (at < block.length) continue;
    const index = firstAbove(ends, at);
    const link = links[index];
    if (link === undefined) continue;
    const bytes = unsized ? 1 : link.bytes;
    const node = nodes.get(index) ?? { cid: link.cid, size: bytes, places: [] };
    node.places.push(at - ((ends[index] ?? 0) - bytes));
    nodes.set(index, node);
  }
  return [...nodes.values()];
}

/** The first of rising numbers that is above `value`. */
function firstAbove(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A block that several links lead to is asked for once. */
function merged(nodes: readonly DrawnNode[]): DrawnNode[] {
  const byKey = new Map<string, DrawnNode>();
  for (const node of nodes) {
    const key = `${node.size} ${blockKey(node.cid)}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, node);
    else known.places.push(...node.places);
  }
  return [...byKey.values()];
}
