import { RepositoryError } from '../objects/error.ts';
import { Git, type GitOptions } from './git.ts';
import { findGitFolder } from './git-folder.ts';

/** A program that merges files which `.gitattributes` names it for. */
export interface MergeDriver {
  readonly name: string;
  readonly about: string;
  /** A line for the shell, with the placeholders of gitattributes(5). */
  readonly command: string;
}

/** Tells this clone about a merge driver. No repository can do that for its clones: git runs what its config names. */
export async function setMergeDriver(
  path: string,
  { name, about, command }: MergeDriver,
  options: GitOptions = {},
): Promise<void> {
  const { folder, gitDir } = findGitFolder(path);
  const git = new Git(folder, gitDir, options);
  for (const [key, value] of [
    ['name', about],
    ['driver', command],
  ] as const) {
    const { exitCode, stderr } = await git.run(['config', `merge.${name}.${key}`, value]);
    if (exitCode !== 0)
      throw new RepositoryError('git-failed', `git config failed: ${stderr.trim().slice(0, 300)}`);
  }
}
