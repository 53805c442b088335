import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removeFolder, temporaryFolder } from '../processes/temporary-folder.ts';
import { git } from './git-command.ts';
import { type GitFiles, isSubmodule, writeEntry } from './git-files.ts';
import { type RawEntry, writeRawTree } from './git-tree.ts';

export interface CloneOptions {
  /** How many commits deep. Default: 1, as `actions/checkout` does it. `Infinity` is all of it. */
  depth?: number;
  /** A branch, any other ref of the origin such as `refs/pull/1/merge`, or a commit. Default: `main`. */
  ref?: string;
}

export interface PullRequest {
  number: number;
  /** Tip of the base branch. */
  base: string;
  /** Tip of the pull request's branch. */
  head: string;
  /** The test merge that GitHub keeps at `refs/pull/N/merge` and that a `pull_request` workflow checks out. */
  merge: string;
}

/** A real work tree with a bare origin beside it that, like GitHub, gives any commit to who asks for it by name. */
export class TestRepository implements AsyncDisposable {
  /** The work tree. */
  readonly path: string;
  /** The origin's `file://` address. */
  readonly url: string;
  readonly #root: string;
  #commits = 0;

  constructor(root: string, path: string, url: string) {
    this.#root = root;
    this.path = path;
    this.url = url;
  }

  /** Any git command in the work tree; gives its output. */
  git(...args: string[]): Promise<string> {
    return git(args, { cwd: this.path });
  }

  /** Puts files in the work tree; `commit` takes them all. */
  async write(files: GitFiles): Promise<void> {
    for (const [path, entry] of Object.entries(files)) {
      writeEntry(this.path, path, entry);
      if (!isSubmodule(entry)) continue;
      await this.git('update-index', '--add', '--cacheinfo', `160000,${entry.submodule},${path}`);
    }
  }

  /** Commits the whole work tree and gives the commit's name. Each commit is a minute after the one before. */
  async commit(message = 'Change things'): Promise<string> {
    await this.git('add', '--all');
    await git(['commit', '--quiet', '--allow-empty', '--message', message], {
      cwd: this.path,
      env: this.#dates(),
    });
    return this.resolve('HEAD');
  }

  /** Commits a tree written byte by byte, on top of HEAD, and moves the branch there; the work tree stays as it is. */
  async commitRaw(entries: readonly RawEntry[], message = 'Change things'): Promise<string> {
    const tree = await writeRawTree(entries, (type, bytes) =>
      git(['hash-object', '-w', '--literally', '-t', type, '--stdin'], { cwd: this.path, input: bytes }),
    );
    const parents = await this.resolve('HEAD').then(
      (head) => ['-p', head],
      () => [],
    );
    const commit = await git(['commit-tree', tree, ...parents, '-m', message], {
      cwd: this.path,
      env: this.#dates(),
    });
    await this.git('update-ref', 'HEAD', commit);
    return commit;
  }

  resolve(revision: string): Promise<string> {
    return this.git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
  }

  /** Makes a branch and works on it. */
  async branch(name: string, from = 'HEAD'): Promise<void> {
    await this.git('switch', '--quiet', '--create', name, from);
  }

  async switch(name: string): Promise<void> {
    await this.git('switch', '--quiet', name);
  }

  /** Merges a branch into the current one by a merge commit and gives its name. */
  async merge(name: string, message = `Merge ${name}`): Promise<string> {
    await git(['merge', '--quiet', '--no-ff', '--message', message, name], {
      cwd: this.path,
      env: this.#dates(),
    });
    return this.resolve('HEAD');
  }

  /** Pushes the current branch, or what is named, to the origin. */
  async push({ force = false, refs = ['HEAD'] }: { force?: boolean; refs?: string[] } = {}): Promise<void> {
    await this.git('push', '--quiet', ...(force ? ['--force'] : []), 'origin', ...refs);
  }

  /** Pushes what GitHub has of a pull request: `refs/pull/N/head` and the test merge with the base. */
  async pullRequest(branch: string, { base = 'main', number = 1 } = {}): Promise<PullRequest> {
    const [baseTip = '', head = ''] = (
      await this.git('rev-parse', `${base}^{commit}`, `${branch}^{commit}`)
    ).split('\n');
    const before = await this.git('rev-parse', '--abbrev-ref', 'HEAD');
    await this.git('switch', '--quiet', '--detach', baseTip);
    const merge = await this.merge(head, `Merge ${head} into ${baseTip}`);
    await this.switch(before);
    await this.push({
      force: true,
      refs: [
        `${baseTip}:refs/heads/${base}`,
        `${head}:refs/pull/${number}/head`,
        `${merge}:refs/pull/${number}/merge`,
      ],
    });
    return { number, base: baseTip, head, merge };
  }

  /** A new work tree of the same origin, made as `actions/checkout` makes it: init, fetch, check out detached. */
  async clone({ depth = 1, ref = 'main' }: CloneOptions = {}): Promise<TestRepository> {
    const path = join(this.#root, `clone-${Math.random().toString(36).slice(2)}`);
    mkdirSync(path);
    const clone = new TestRepository(this.#root, path, this.url);
    await clone.git('init', '--quiet', '--initial-branch', 'main');
    appendFileSync(join(path, '.git', 'config'), remote(this.url));
    const depths = Number.isFinite(depth) ? [`--depth=${depth}`] : [];
    // A pull request gets its ref, as there; a clone without any has an empty folder of refs, which act does not copy.
    const refspec = ref.startsWith('refs/pull/') ? `+${ref}:refs/remotes/${ref.slice('refs/'.length)}` : ref;
    await clone.git('fetch', '--quiet', '--no-tags', ...depths, 'origin', refspec);
    await clone.git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
    return clone;
  }

  shallowClone(depth = 1, ref = 'main'): Promise<TestRepository> {
    return this.clone({ depth, ref });
  }

  /** Removes this repository with its origin and all its clones. */
  async remove(): Promise<void> {
    removeFolder(this.#root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }

  #dates(): Record<string, string> {
    const date = new Date(Date.UTC(2026, 0, 1) + this.#commits++ * 60_000).toISOString();
    return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  }
}

// Written instead of set by `git config` and `git remote`: tests make hundreds of repositories.
const servesAnyCommit =
  '[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowReachableSHA1InWant = true\n\tallowTipSHA1InWant = true\n\tallowFilter = true\n';
const remote = (url: string) =>
  `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;

/** An empty repository on branch `main`, in a temporary folder, with a bare origin that accepts pushes and serves any commit. */
export async function gitRepository(): Promise<TestRepository> {
  const root = temporaryFolder();
  const origin = join(root, 'origin.git');
  const path = join(root, 'work');
  for (const folder of [origin, path]) mkdirSync(folder);
  await git(['init', '--quiet', '--bare', '--initial-branch', 'main'], { cwd: origin });
  appendFileSync(join(origin, 'config'), servesAnyCommit);
  const repository = new TestRepository(root, path, pathToFileURL(origin).href);
  await repository.git('init', '--quiet', '--initial-branch', 'main');
  appendFileSync(join(path, '.git', 'config'), remote(repository.url));
  return repository;
}
