import { RepositoryError } from '../objects/error.ts';
import { isObjectId } from '../objects/object-id.ts';
import { withoutConfig } from './config-free-git.ts';
import { Git, type GitOptions } from './git.ts';
import { findGitFolder } from './git-folder.ts';

/**
 * The commit that GitHub would check for a pull request: `head` merged into `base`. Absent if they conflict, or if git is
 * older than 2.38. No branch points to it, so that git removes it again some day.
 */
export async function previewMerge(
  path: string,
  base: string,
  head: string,
  options: GitOptions = {},
): Promise<string | undefined> {
  for (const id of [base, head])
    if (!isObjectId(id)) throw new TypeError(`commit expected hex digits, got ${JSON.stringify(id)}`);
  return withoutConfig(path, options, async (git) => {
    const { exitCode, stdout } = await git.run([
      'merge-tree',
      '--write-tree',
      '--no-messages',
      '--end-of-options',
      base,
      head,
    ]);
    const tree = stdout.split('\n')[0] ?? '';
    return exitCode === 0 && isObjectId(tree) ? commitTree(git, tree, [base, head]) : undefined;
  });
}

export interface IndexOptions extends GitOptions {
  /** The parent. Absent before the first commit. */
  readonly parent?: string;
  /** Default: the repository's own. */
  readonly indexFile?: string;
}

/** The commit that `git commit` would make of what is staged now. No branch points to it. */
export async function commitIndex(path: string, options: IndexOptions = {}): Promise<string> {
  const git = gitAt(path, options);
  const { indexFile, parent } = options;
  const { exitCode, stdout, stderr } = await git.run(
    ['write-tree'],
    indexFile === undefined ? {} : { indexFile },
  );
  const tree = stdout.trim();
  if (exitCode !== 0 || !isObjectId(tree)) throw failure('the index could not be read', stderr);
  return commitTree(git, tree, parent === undefined ? [] : [parent]);
}

function gitAt(path: string, options: GitOptions): Git {
  const { folder, gitDir } = findGitFolder(path);
  return new Git(folder, gitDir, options);
}

async function commitTree(git: Git, tree: string, parents: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await git.run([
    ...['-c', 'user.name=holdfast', '-c', 'user.email=holdfast@localhost'],
    ...['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'A preview'],
  ]);
  const id = stdout.trim();
  if (exitCode === 0 && isObjectId(id)) return id;
  throw failure('a preview of the merge could not be made', stderr);
}

function failure(what: string, stderr: string): RepositoryError {
  const reason = stderr.trim().split('\n').at(-1) || 'git gave no reason';
  return new RepositoryError('git-failed', `${what}: ${reason.slice(0, 300)}`);
}
