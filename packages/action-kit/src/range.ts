import {
  type FetchOptions,
  isObjectId,
  type ObjectSource,
  type Repository,
  RepositoryError,
} from '@holdfast/repository';
import type { WorkflowEvent } from './event.ts';

/** Two commits to compare. */
export interface Range {
  /** Absent where nothing was there before. */
  readonly base?: string;
  readonly head: string;
  /** Nothing is proposed: everything at the head is checked. */
  readonly all: boolean;
  /** What a person should know about how the base was found. */
  readonly notes: readonly string[];
}

export interface RangeOptions extends FetchOptions {
  /** Asked for commits that the clone does not have and git cannot fetch. */
  readonly fallback?: ObjectSource & Pick<Repository, 'mergeBase'>;
}

/** Makes sure that both commits of an event can be read. Fetches what the clone does not have. */
export async function resolveRange(
  event: WorkflowEvent,
  repository: Repository,
  options: RangeOptions = {},
): Promise<Range | undefined> {
  const { head, base } = event;
  if (head === undefined) return undefined;
  const finder = new Finder(repository, options);
  await finder.bring(head);
  switch (base.kind) {
    case 'commit':
      return finder.range(head, base.id);
    case 'merged-into': {
      const parents = (await finder.commit(head))?.parents ?? [];
      const merged = parents.length === 2 && parents[1] === base.pullRequestHead ? parents[0] : undefined;
      return finder.range(head, merged ?? base.id);
    }
    case 'branch': {
      const tip = await repository.fetchBranch(base.name, options);
      const left =
        (await repository.mergeBase(tip, head)) ?? (await finder.remote((api) => api.mergeBase(tip, head)));
      if (left === undefined)
        finder.notes.push(
          `compared with the tip of ${base.name}: the clone is too shallow to show where the branch began`,
        );
      return finder.range(head, left ?? tip);
    }
    case 'head':
      return { head, base: head, all: true, notes: finder.notes };
    case 'nothing':
      return {
        head,
        all: false,
        notes: ['this is the first commit: no base to compare with'],
      };
  }
}

class Finder {
  readonly notes: string[] = [];
  readonly #repository: Repository;
  readonly #options: RangeOptions;

  constructor(repository: Repository, options: RangeOptions) {
    this.#repository = repository;
    this.#options = options;
  }

  async range(head: string, base: string): Promise<Range> {
    await this.bring(base);
    return { head, base, all: false, notes: this.notes };
  }

  async commit(id: string) {
    return (await this.#repository.commit(id)) ?? (await this.#options.fallback?.commit(id));
  }

  /** A failure here is not reported: the failure that made us ask is. */
  async remote<T>(
    question: (source: NonNullable<RangeOptions['fallback']>) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const { fallback } = this.#options;
    try {
      return fallback && (await question(fallback));
    } catch (error) {
      if (error instanceof RepositoryError) return undefined;
      throw error;
    }
  }

  /** From the clone, else by fetching exactly this commit, else from the API. */
  async bring(id: string): Promise<void> {
    if (!isObjectId(id)) throw new TypeError(`commit expected hex digits, got ${JSON.stringify(id)}`);
    if ((await this.#repository.commit(id)) !== undefined) return;
    try {
      await this.#repository.fetchCommit(id, this.#options);
    } catch (error) {
      if (!(error instanceof RepositoryError)) throw error;
      if ((await this.remote((api) => api.commit(id))) === undefined) throw error;
      this.notes.push(`commit ${id.slice(0, 12)} could not be fetched and is read through the API`);
    }
  }
}
