import { comparePaths } from '../manifest/file-path.ts';
import type { ChangeCounts, FileCount } from './change-counts.ts';

export interface FolderSummary extends ChangeCounts {
  /** Empty for the top. */
  readonly folder: string;
  /** Folders below it that are counted in it. */
  readonly below: number;
  /** Other folders at its side that are counted in it; only the last has any. */
  readonly beside: number;
}

/** At most `most` rows: folders are joined into their parents as deep down as that takes, and the smallest of the top into one. */
export function foldersOf(
  folders: ReadonlyMap<string, ChangeCounts>,
  most: number,
): readonly FolderSummary[] {
  let deepest = 0;
  for (const folder of folders.keys()) deepest = Math.max(deepest, depthOf(folder));
  let rows = joinBelow(folders, deepest);
  for (let depth = deepest - 1; rows.length > most && depth >= 1; depth--) rows = joinBelow(folders, depth);
  if (rows.length > most) rows = joinBeside(rows, most);
  return rows;
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

function joinBelow(folders: ReadonlyMap<string, ChangeCounts>, depth: number): FolderSummary[] {
  const joined = new Map<string, FolderSummary>();
  for (const [folder, counts] of folders) {
    const short = folder.split('/').slice(0, depth).join('/');
    const own = { ...counts, folder: short, below: short === folder ? 0 : 1, beside: 0 };
    const before = joined.get(short);
    joined.set(short, before === undefined ? own : { ...sum(before, own), below: before.below + own.below });
  }
  return [...joined.values()].sort((a, b) => comparePaths(a.folder, b.folder));
}

/** The folders with the most files stay; the rest is one row. */
function joinBeside(rows: readonly FolderSummary[], most: number): FolderSummary[] {
  const bySize = [...rows].sort((a, b) => filesOf(b) - filesOf(a));
  const kept = new Set(bySize.slice(0, most - 1));
  const others = rows.filter((row) => !kept.has(row));
  const [first, ...more] = others;
  const shown = rows.filter((row) => kept.has(row));
  if (first === undefined) return shown;
  const rest = more.reduce((all, row) => sum(all, row), first);
  return [...shown, { ...rest, folder: '', below: 0, beside: others.length }];
}

function filesOf({ added, removed, changed, moved }: ChangeCounts): number {
  return added.files + removed.files + changed.files + moved.files;
}

function sum(a: FolderSummary, b: FolderSummary): FolderSummary {
  const both = (one: FileCount, other: FileCount) => ({
    files: one.files + other.files,
    bytes: one.bytes + other.bytes,
  });
  return {
    ...a,
    added: both(a.added, b.added),
    removed: both(a.removed, b.removed),
    changed: both(a.changed, b.changed),
    moved: both(a.moved, b.moved),
  };
}
