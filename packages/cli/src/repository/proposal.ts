import { previewMerge, type Repository } from '@holdfast/repository';
import type { Base } from './base-commit.ts';

/** The two commits that the check of a pull request compares. */
export interface Proposal {
  readonly base: string;
  readonly head: string;
  /** GitHub checks nothing until the conflict is gone. */
  readonly conflict: boolean;
}

/** What a pull request of `head` would be: the branch it goes to as it is now, and `head` merged into it. */
export async function proposalOf(repository: Repository, head: string, base: Base): Promise<Proposal> {
  const left = await repository.mergeBase(base.commit, head);
  if (left === base.commit || left === undefined) return { base: base.commit, head, conflict: false };
  if (left === head) return { base: base.commit, head: base.commit, conflict: false };
  const merged = await previewMerge(repository.path, base.commit, head);
  return merged === undefined
    ? { base: left, head, conflict: true }
    : { base: base.commit, head: merged, conflict: false };
}
