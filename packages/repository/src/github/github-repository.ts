import { assertRevision, type Repository } from '../git/repository.ts';
import { RepositoryError } from '../objects/error.ts';
import { isObjectId } from '../objects/object-id.ts';
import { field, objectId } from './github-answer.ts';
import { GitHubObjects } from './github-objects.ts';

/**
 * A repository on GitHub without a clone. Every object costs a request: use it for small repositories and for what a clone
 * lacks. Thousands of manifests would exceed the token's rate limit.
 */
export class GitHubRepository extends GitHubObjects implements Repository {
  readonly path = '';
  readonly shallow = false;

  async resolve(revision: string): Promise<string | undefined> {
    assertRevision(revision);
    const answer = await this.read(`/commits/${encodeURIComponent(revision)}`);
    return answer === undefined ? undefined : objectId(field(answer, 'sha'));
  }

  async fetchCommit(id: string): Promise<void> {
    if ((await this.commit(id)) === undefined) throw missing(`commit ${id}`);
  }

  async fetchBranch(branch: string): Promise<string> {
    assertRevision(branch);
    const path = branch.split('/').map(encodeURIComponent).join('/');
    const answer = await this.read(`/git/ref/heads/${path}`);
    if (answer === undefined) throw missing(`branch ${branch}`);
    return objectId(field(field(answer, 'object'), 'sha'));
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    for (const id of [one, other])
      if (!isObjectId(id)) throw new TypeError(`commit expected hex digits, got ${id}`);
    const answer = await this.read(`/compare/${one}...${other}`);
    return answer === undefined ? undefined : objectId(field(field(answer, 'merge_base_commit'), 'sha'));
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

function missing(what: string): RepositoryError {
  return new RepositoryError('object-missing', `${what} is not on GitHub, or the token cannot read it`);
}
