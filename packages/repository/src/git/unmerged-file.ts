import { Git, type GitOptions } from './git.ts';
import { findGitFolder } from './git-folder.ts';
import { GitObjects } from './git-objects.ts';

/** The three versions of a file in conflict, as the index keeps them. A side that has no such file is absent. */
export interface UnmergedFile {
  readonly base?: Uint8Array;
  readonly ours?: Uint8Array;
  readonly theirs?: Uint8Array;
}

const sides = { 1: 'base', 2: 'ours', 3: 'theirs' } as const;

/** The versions of a file in conflict; `undefined` if git has none for it. `file` is relative to the folder of the clone. */
export async function readUnmerged(
  path: string,
  file: string,
  maxBytes: number,
  options: GitOptions = {},
): Promise<UnmergedFile | undefined> {
  const { folder, gitDir } = findGitFolder(path);
  const git = new Git(folder, gitDir, options);
  const { stdout } = await git.run(['ls-files', '--unmerged', '-z', '--', file]);
  const entries = [...stdout.matchAll(/(?:100644|100755) ([0-9a-f]{40,64}) ([123])\t/g)];
  if (entries.length === 0) return undefined;
  const objects = new GitObjects(git);
  try {
    const found: Partial<Record<(typeof sides)[keyof typeof sides], Uint8Array>> = {};
    for (const [, id = '', stage] of entries) {
      const bytes = await objects.blob(id, maxBytes);
      if (bytes !== undefined) found[sides[Number(stage) as 1 | 2 | 3]] = bytes;
    }
    return found;
  } finally {
    await objects.close();
  }
}
