import type { Repository } from '@holdfast/repository';
import { commitNamed } from './committed.ts';
import { branchesOf } from './work-tree.ts';

/** The likely base branches of a pull request, the likeliest first. */
const usualBases = [
  'upstream/HEAD',
  'origin/HEAD',
  'upstream/main',
  'origin/main',
  'origin/master',
  'main',
  'master',
];

export interface Base {
  readonly name: string;
  /** The tip of the branch: its keys and its policy decide, as on the pull request. */
  readonly commit: string;
  /** HEAD is on this very branch, and has nothing that it has not. */
  readonly isCurrent: boolean;
}

/** The branch that a pull request goes to. Absent if it cannot be guessed. */
export async function baseOf(
  repository: Repository,
  head: string,
  named?: string,
): Promise<Base | undefined> {
  if (named !== undefined) {
    return { name: named, commit: await commitNamed(repository, named), isCurrent: false };
  }
  const { current, others } = await branchesOf(repository.path);
  const candidates = [...usualBases, ...(others.length === 1 ? others : [])];
  if (others.length === 0 && current !== undefined) candidates.push(current);
  for (const name of candidates) {
    const commit = await repository.resolve(name);
    if (commit !== undefined) return { name, commit, isCurrent: commit === head && name === current };
  }
  return undefined;
}
