import { createHash } from 'node:crypto';
import type { KuboNode } from './node.ts';

/**
 * The nodes that should take a copy next, best first: a region that has none yet, then rendezvous hashing, so
 * that datasets spread over nodes and a second run makes the same choice.
 */
export function candidates(
  cid: string,
  nodes: readonly KuboNode[],
  holders: readonly KuboNode[],
  preferred: readonly string[] = [],
): KuboNode[] {
  const left = nodes.filter((node) => !holders.includes(node));
  const score = new Map(left.map((node) => [node, rank(cid, node)]));
  left.sort(
    (a, b) => preference(b, preferred) - preference(a, preferred) || compare(score.get(a), score.get(b)),
  );
  const taken = new Set(holders.map((node) => node.options.region));
  const fresh: KuboNode[] = [];
  const others: KuboNode[] = [];
  for (const node of left) {
    const { region } = node.options;
    if (region !== undefined && !taken.has(region)) {
      taken.add(region);
      fresh.push(node);
    } else {
      others.push(node);
    }
  }
  return [...fresh, ...others];
}

function preference(node: KuboNode, preferred: readonly string[]): number {
  return preferred.includes(node.peer) ? 1 : 0;
}

function rank(cid: string, node: KuboNode): string {
  return createHash('sha256').update(`${cid}\n${node.label}`).digest('hex');
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
