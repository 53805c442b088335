import { RepositoryError } from '../objects/error.ts';
import { type EntryMode, type ObjectSource, present, type TreeEntry } from '../objects/object-source.ts';
import { printablePath } from './printable-path.ts';

export interface ListedFile {
  /** Relative to the top, with `/` between segments. */
  readonly path: string;
  readonly id: string;
  readonly mode: EntryMode;
  readonly odd?: true;
}

const maxFiles = 500_000;
/** A tree that names one folder twice, and that one another twice, has no file and 2^64 folders: git stores it in 64 objects. */
const maxFolders = 100_000;
const maxDepth = 64;
/** Of a folder's path. Git stores a long name once, and here each file would have it again. */
const maxLength = 1024;

/**
 * All that is not a folder at or below the paths given; everything where one of them is `''`. A submodule or a symlink is
 * listed as what it is and never followed.
 */
export async function listFiles(
  source: ObjectSource,
  commit: string,
  under: readonly string[],
): Promise<ListedFile[]> {
  const { tree } = present(await source.commit(commit), `commit ${commit}`);
  const files: ListedFile[] = [];
  await walk({ source, wanted: under, files, folders: 0 }, tree, '', 0);
  return files;
}

interface Walk {
  readonly source: ObjectSource;
  readonly wanted: readonly string[];
  readonly files: ListedFile[];
  folders: number;
}

async function walk(walk_: Walk, id: string, prefix: string, depth: number): Promise<void> {
  const { source, files } = walk_;
  if (depth > maxDepth)
    throw new RepositoryError(
      'too-large',
      `folders expected at most ${maxDepth} deep: ${printablePath(prefix.slice(0, 100))}…`,
    );
  if (prefix.length > maxLength)
    throw new RepositoryError(
      'too-large',
      `the path of a folder expected at most ${maxLength} characters: ${printablePath(prefix.slice(0, 100))}…`,
    );
  // Refused already: what else was on its way ends.
  if (walk_.folders > maxFolders) return;
  walk_.folders += 1;
  if (walk_.folders > maxFolders)
    throw new RepositoryError(
      'too-large',
      `expected at most ${maxFolders} folders, got more: ${printablePath(prefix)}`,
    );
  const entries = present(await source.tree(id), `folder ${printablePath(prefix) || '/'} (tree ${id})`);
  const folders: Promise<void>[] = [];
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.mode === '040000' && !entry.odd) {
      if (reaches(`${path}/`, walk_.wanted)) folders.push(walk(walk_, entry.id, `${path}/`, depth + 1));
    } else if (isUnder(path, walk_.wanted)) {
      files.push(listed(path, entry));
      if (files.length > maxFiles)
        throw new RepositoryError('too-large', `expected at most ${maxFiles} files, got more`);
    }
  }
  await Promise.all(folders);
}

function listed(path: string, { id, mode, odd }: TreeEntry): ListedFile {
  return odd ? { path, id, mode, odd } : { path, id, mode };
}

/** The folder is at, below or above a wanted path. */
function reaches(folder: string, wanted: readonly string[]): boolean {
  return wanted.some((path) => path === '' || folder.startsWith(`${path}/`) || `${path}/`.startsWith(folder));
}

/** At or below a wanted path, or standing where one of its folders should be. */
function isUnder(path: string, wanted: readonly string[]): boolean {
  return wanted.some(
    (want) => want === '' || path === want || path.startsWith(`${want}/`) || want.startsWith(`${path}/`),
  );
}
