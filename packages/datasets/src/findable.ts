import type { PeerExplanation } from '@holdfast/pinning';
import type { FoundProviders } from '@holdfast/retrieval';

/**
 * - `findable`: readers find as many copies as are wanted, or as there are
 * - `hard to find`: fewer
 * - `not known`: no router could be asked
 * - `not pinned`: there is nothing to find
 */
export type FindVerdict = 'findable' | 'hard to find' | 'not known' | 'not pinned';

/** What is pinned, held against who is announced. */
export interface Findable {
  readonly verdict: FindVerdict;
  readonly pinned: number;
  /** Of these; of a target that does not tell its nodes, all who are announced. Null where nothing is known. */
  readonly findable: number | null;
  /** Nodes beside those of the target. */
  readonly others: number;
  readonly copies: readonly FindableCopy[];
}

export interface FindableCopy {
  readonly peer: string;
  readonly name: string | null;
  readonly region: string | null;
  /** Null where the target does not tell the node, or no router could be asked. */
  readonly findable: boolean | null;
}

export function findable(
  peers: readonly PeerExplanation[],
  wanted: { readonly min: number },
  { providers, faults }: FoundProviders,
): Findable {
  const announced = new Set(providers.map(({ id }) => id));
  const isBlind = providers.length === 0 && faults.length > 0;
  const copies = peers
    .filter(({ state }) => state === 'pinned')
    .map(({ peer, name, region, node }) => ({
      peer,
      name: name ?? null,
      region: region ?? null,
      findable: isBlind || node === undefined ? null : announced.has(node),
    }));
  const nodes = new Set(peers.map(({ node }) => node));
  const isTold = copies.some((copy) => copy.findable !== null);
  const found = isTold ? copies.filter((copy) => copy.findable === true).length : providers.length;
  const needed = Math.max(1, Math.min(wanted.min, copies.length));
  return {
    verdict: verdictOf(copies.length, isBlind, found >= needed),
    pinned: copies.length,
    findable: isBlind ? null : found,
    others: isTold ? providers.filter(({ id }) => !nodes.has(id)).length : 0,
    copies,
  };
}

function verdictOf(pinned: number, isBlind: boolean, isFound: boolean): FindVerdict {
  if (pinned === 0) return 'not pinned';
  if (isBlind) return 'not known';
  return isFound ? 'findable' : 'hard to find';
}

/** `pinned on 3, findable on 2`. */
export function findableText({ pinned, findable: number, others }: Findable): string {
  const where = number === null ? 'not known where it can be found' : `findable on ${number}`;
  return `pinned on ${pinned}, ${where}${others > 0 ? `, and at ${others} more` : ''}`;
}
