import type { Repository } from '@holdfast/repository';
import { commitNamed } from './committed.ts';

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
  readonly commit: string;
}

/** The commit where this work began. What others merged since is not part of the change. */
export async function baseOf(
  repository: Repository,
  head: string,
  named?: string,
): Promise<Base | undefined> {
  if (named !== undefined) {
    const tip = await commitNamed(repository, named);
    return { name: named, commit: (await repository.mergeBase(head, tip)) ?? tip };
  }
  for (const name of usualBases) {
    const tip = await repository.resolve(name);
    if (tip === undefined || (tip === head && !name.includes('/'))) continue;
    return { name, commit: (await repository.mergeBase(head, tip)) ?? tip };
  }
  return undefined;
}
