import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hooksFolder } from '@holdfast/repository';
import { writeWhole } from '../frame/whole-file.ts';

const line = 'holdfast check --staged';

/** A machine without holdfast can still commit: the pull request is checked all the same. */
const script = `#!/bin/sh
# Checks the manifests that are staged. git commit --no-verify commits without it.
if ! command -v holdfast >/dev/null 2>&1; then
  echo "pre-commit: holdfast is not on PATH, so the manifests are checked on the pull request only" >&2
  exit 0
fi
exec ${line}
`;

export interface CommitHook {
  readonly place: string;
  /** A hook of somebody else is left as it is: `line` is then for a person to add. */
  readonly state: 'written' | 'there' | 'other';
  readonly line: string;
}

/** Lets git check what is staged at each commit in this clone. */
export async function addCommitHook(root: string): Promise<CommitHook> {
  const place = join(await hooksFolder(root), 'pre-commit');
  const before = await readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (before !== undefined) return { place, line, state: before.includes(line) ? 'there' : 'other' };
  await writeWhole(place, script, 0o755);
  return { place, line, state: 'written' };
}
