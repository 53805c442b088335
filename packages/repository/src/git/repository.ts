import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RepositoryError } from '../objects/error.ts';
import { isObjectId } from '../objects/object-id.ts';
import type { ObjectSource } from '../objects/object-source.ts';
import { Git, type GitOptions } from './git.ts';
import type { FetchHeader } from './git-environment.ts';
import { findGitFolder } from './git-folder.ts';
import { GitObjects } from './git-objects.ts';

export interface FetchOptions {
  /** `origin` where nothing else is said. */
  readonly remote?: string;
  /** For a clone that keeps no credentials. */
  readonly header?: FetchHeader;
  readonly signal?: AbortSignal;
}

export interface Repository extends ObjectSource, AsyncDisposable {
  /** The folder of the clone. */
  readonly path: string;
  readonly shallow: boolean;
  /** The full id of the commit that a revision names, or `undefined`. */
  resolve(revision: string): Promise<string | undefined>;
  /** Brings one commit and its tree, without the history before it where the clone is shallow. */
  fetchCommit(id: string, options?: FetchOptions): Promise<void>;
  /** The id that a branch has at the remote now, fetched. */
  fetchBranch(branch: string, options?: FetchOptions): Promise<string>;
  /** The newest commit that both contain, where the history here is enough to say. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens the clone at `path` or above it. Nothing of the work tree or the index is ever read. */
export async function openRepository(path: string, options: GitOptions = {}): Promise<Repository> {
  const { folder, gitDir } = findGitFolder(path);
  return new Clone(folder, gitDir, new Git(folder, gitDir, options));
}

class Clone extends GitObjects implements Repository {
  readonly path: string;
  readonly #gitDir: string;
  readonly #git: Git;

  constructor(path: string, gitDir: string, git: Git) {
    super(git);
    this.path = path;
    this.#gitDir = gitDir;
    this.#git = git;
  }

  /** Asked each time: a fetch can change it. */
  get shallow(): boolean {
    return existsSync(join(this.#gitDir, 'shallow'));
  }

  async resolve(revision: string): Promise<string | undefined> {
    if (isObjectId(revision)) return (await this.commit(revision))?.id;
    assertRevision(revision);
    const { exitCode, stdout } = await this.#git.run([
      'rev-parse',
      '--quiet',
      '--verify',
      '--end-of-options',
      `${revision}^{commit}`,
    ]);
    const id = stdout.trim();
    return exitCode === 0 && isObjectId(id) ? id : undefined;
  }

  async fetchCommit(id: string, options: FetchOptions = {}): Promise<void> {
    if (!isObjectId(id))
      throw new TypeError(`commit expected 40 or 64 hex digits, got ${JSON.stringify(id)}`);
    await this.#fetch(id, `commit ${id}`, options);
    if ((await this.commit(id)) === undefined) throw fetchFailure(`commit ${id}`, 'it did not arrive');
  }

  async fetchBranch(branch: string, options: FetchOptions = {}): Promise<string> {
    assertRevision(branch);
    const reference = 'refs/holdfast/base';
    await this.#fetch(`+refs/heads/${branch}:${reference}`, `branch ${branch}`, options);
    const id = await this.resolve(reference);
    if (id === undefined) throw fetchFailure(`branch ${branch}`, 'it did not arrive');
    return id;
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    for (const id of [one, other])
      if (!isObjectId(id)) throw new TypeError(`commit expected hex digits, got ${id}`);
    const { exitCode, stdout } = await this.#git.run(['merge-base', '--end-of-options', one, other]);
    return exitCode === 0 ? stdout.trim().split('\n')[0] : undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #fetch(refspec: string, what: string, options: FetchOptions): Promise<void> {
    const { remote = 'origin', header, signal } = options;
    assertRevision(remote);
    // In a whole clone a depth would cut the history that is there.
    const depth = this.shallow ? ['--depth=1'] : [];
    const { exitCode, stderr } = await this.#git.run(
      [
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        ...depth,
        '--end-of-options',
        remote,
        refspec,
      ],
      { ...(signal && { signal }), ...(header && { header }) },
    );
    if (exitCode !== 0) throw fetchFailure(what, lastLine(stderr));
  }
}

/** No option can pose as a revision, and no revision as two lines. Which names are right is for git to say. */
export function assertRevision(text: string): void {
  if (/^[\w./@^~{}+-]{1,255}$/.test(text) && !text.startsWith('-') && !text.includes('..')) return;
  throw new RepositoryError(
    'revision-invalid',
    `revision expected a commit, branch or tag, got ${JSON.stringify(text.slice(0, 100))}`,
  );
}

function lastLine(stderr: string): string {
  return (stderr.trim().split('\n').at(-1) ?? '').slice(0, 300) || 'git gave no reason';
}

function fetchFailure(what: string, reason: string): RepositoryError {
  return new RepositoryError(
    'fetch-failed',
    `${what} is not in the clone and could not be fetched (${reason}); ` +
      'set "fetch-depth: 0" at actions/checkout, and leave its "persist-credentials" on for a private repository',
  );
}
