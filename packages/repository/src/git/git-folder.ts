import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RepositoryError } from '../objects/error.ts';

/** Git's own search would also accept a bare repository, with its own config, that a pull request put in a folder. */
export function findGitFolder(path: string): { readonly folder: string; readonly gitDir: string } {
  const start = resolve(path);
  for (let folder = start; ; folder = dirname(folder)) {
    const gitDir = join(folder, '.git');
    if (existsSync(gitDir)) return { folder, gitDir };
    if (folder === dirname(folder)) break;
  }
  if (['HEAD', 'objects', 'refs'].every((name) => existsSync(join(start, name))))
    return { folder: start, gitDir: start };
  throw new RepositoryError(
    'not-a-repository',
    `expected a git repository at ${start}; in a workflow, put a step with actions/checkout before this one`,
  );
}
