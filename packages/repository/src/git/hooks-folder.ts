import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { RepositoryError } from '../objects/error.ts';
import { Git, type GitOptions } from './git.ts';
import { findGitFolder } from './git-folder.ts';

/** The folder whose programs git runs at a commit here: what `core.hooksPath` says, else `hooks` in the repository. */
export async function hooksFolder(path: string, options: GitOptions = {}): Promise<string> {
  const { folder, gitDir } = findGitFolder(path);
  const git = new Git(folder, gitDir, options);
  // The last one counts, but for what this package says itself to run no hook.
  const { stdout: said } = await git.run(['config', '--show-scope', '--get-all', 'core.hooksPath']);
  const named = said
    .split('\n')
    .filter((line) => line.includes('\t') && !line.startsWith('command\t'))
    .at(-1)
    ?.replace(/^\w+\t/, '');
  if (named)
    return resolve(
      folder,
      named.replace(/^~(?=\/)/, () => homedir()),
    );
  const { exitCode, stdout, stderr } = await git.run(['rev-parse', '--git-common-dir']);
  if (exitCode !== 0)
    throw new RepositoryError('git-failed', `git rev-parse failed: ${stderr.trim().slice(0, 300)}`);
  return join(resolve(folder, stdout.trim()), 'hooks');
}
