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
/** 64 objects in git can make 2^64 folders without a file: each tree names the next one twice. */
const maxFolders = 100_000;
const maxDepth = 64;
/** For the path of a folder. Git stores a long name once; here every file below it would repeat it. */
const maxLength = 1024;

/** Every entry at or below the given paths that is not a folder. `''` stands for all of them. Links and submodules are listed, never followed. */
export async function listFiles(
  source: ObjectSource,
  commit: string,
  under: readonly string[],
): Promise<ListedFile[]> {
  const { tree } = present(await source.commit(commit), `commit ${commit}`);
  const files: ListedFile[] = [];
  await walk({ source: eachOnce(source), wanted: under, files, folders: 0 }, tree, '', 0);
  return files;
}

/** Reads each tree once: a few of them can stand for a hundred thousand folders. */
function eachOnce(source: ObjectSource): Pick<ObjectSource, 'tree'> {
  const trees = new Map<string, ReturnType<ObjectSource['tree']>>();
  return {
    tree: (id) => {
      const known = trees.get(id) ?? source.tree(id);
      trees.set(id, known);
      return known;
    },
  };
}

interface Walk {
  readonly source: Pick<ObjectSource, 'tree'>;
  readonly wanted: readonly string[];
  readonly files: ListedFile[];
  folders: number;
}

async function walk(walk_: Walk, id: string, prefix: string, depth: number): Promise<void> {
  const { source, files } = walk_;
  if (depth > maxDepth)
    throw new RepositoryError(
      'too-large',
      `expected folders at most ${maxDepth} deep, got more: ${printablePath(prefix.slice(0, 100))}…`,
    );
  if (prefix.length > maxLength)
    throw new RepositoryError(
      'too-large',
      `expected the path of a folder to have at most ${maxLength} characters, got more: ${printablePath(prefix.slice(0, 100))}…`,
    );
  // Refused already: the other calls end here.
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

/** True if the folder is at, below or above a wanted path. */
function reaches(folder: string, wanted: readonly string[]): boolean {
  return wanted.some((path) => path === '' || folder.startsWith(`${path}/`) || `${path}/`.startsWith(folder));
}

/** True at or below a wanted path, and for a file in the place of one of its folders. */
function isUnder(path: string, wanted: readonly string[]): boolean {
  return wanted.some(
    (want) => want === '' || path === want || path.startsWith(`${want}/`) || want.startsWith(`${path}/`),
  );
}
