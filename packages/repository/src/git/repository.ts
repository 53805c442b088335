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
  /** Default: `origin`. */
  readonly remote?: string | undefined;
  /** For a clone without credentials. */
  readonly header?: FetchHeader | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Repository extends ObjectSource, AsyncDisposable {
  /** The folder of the clone. */
  readonly path: string;
  readonly shallow: boolean;
  /** The full id of the commit that a revision names. */
  resolve(revision: string): Promise<string | undefined>;
  /** Fetches one commit and its tree; in a shallow clone, without its history. */
  fetchCommit(id: string, options?: FetchOptions): Promise<void>;
  /** Fetches a branch, and returns the id of its newest commit. */
  fetchBranch(branch: string, options?: FetchOptions): Promise<string>;
  /** The newest commit that both contain; `undefined` if the history is too short to know. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens the clone at `path` or above it. The work tree and the index are never read. */
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

  /** A fetch can change it. */
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
    if ((await this.commit(id)) === undefined)
      throw fetchFailure(`commit ${id}`, 'the remote did not send it');
  }

  async fetchBranch(branch: string, options: FetchOptions = {}): Promise<string> {
    assertRevision(branch);
    const reference = 'refs/holdfast/base';
    await this.#fetch(`+refs/heads/${branch}:${reference}`, `branch ${branch}`, options);
    const id = await this.resolve(reference);
    if (id === undefined) throw fetchFailure(`branch ${branch}`, 'the remote did not send it');
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
    // In a full clone a depth would cut the history.
    const depth = this.shallow ? ['--depth=1'] : [];
    const { exitCode, stderr } = await this.#git.run(
      [
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--upload-pack=git-upload-pack',
        ...depth,
        '--end-of-options',
        remote,
        refspec,
      ],
      { signal, header },
    );
    if (exitCode !== 0) throw fetchFailure(what, lastLine(stderr));
  }
}

/** Refuses options, ranges and more than one line. Git decides which names are valid. */
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
