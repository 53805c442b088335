import { comparePaths } from '../manifest/file-path.ts';
import { type ChangeCounts, emptyCounts, type MutableCounts } from './change-counts.ts';
import { type FolderSummary, foldersOf } from './folder-summary.ts';
import type { FileChange } from './list-difference.ts';

export interface SummarizedFile {
  readonly kind: keyof ChangeCounts;
  readonly path: string;
  readonly size: number;
  /** The path of a moved file before. */
  readonly from?: string;
  /** The size of a changed file before. */
  readonly was?: number;
}

export interface ListSummary {
  readonly total: ChangeCounts;
  /** Sorted by path; a moved file counts where it is now. */
  readonly folders: readonly FolderSummary[];
  /** Sorted by path, at most `maxFiles`. */
  readonly files: readonly SummarizedFile[];
  /** The number of files that are not in it. */
  readonly hidden: number;
}

export interface SummaryOptions {
  /** Default: 20. */
  readonly maxFolders?: number | undefined;
  /** Default: 200. */
  readonly maxFiles?: number | undefined;
  /** How many files are compared with others to find moves; the rest counts as added or removed. Default: 100,000. */
  readonly maxPaired?: number | undefined;
}

/** What changed between two lists, by folder. Holds the files added and removed up to `maxPaired`, and nothing of those that stay. */
export async function summarizeFiles(
  changes: AsyncIterable<FileChange> | Iterable<FileChange>,
  { maxFolders = 20, maxFiles = 200, maxPaired = 100_000 }: SummaryOptions = {},
): Promise<ListSummary> {
  const summary = new Summary(maxFiles);
  const pairs = new MovedFiles(maxPaired);
  for await (const change of changes) {
    if (change.kind === 'changed') {
      const { path, size } = change.after;
      summary.add({ kind: 'changed', path, size, was: change.before.size });
    } else {
      const settled = pairs.take(change);
      if (settled !== undefined) summary.add(settled);
    }
  }
  for (const file of pairs.rest()) summary.add(file);
  return summary.end(maxFolders);
}

type OneSided = Exclude<FileChange, { kind: 'changed' }>;
type Side = OneSided['kind'];
interface Waiting {
  readonly kind: Side;
  readonly path: string;
  readonly size: number;
}

/** Pairs what was removed with what was added, by the CID. */
class MovedFiles {
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #most: number;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Undefined while the other side of the move may still come. */
  take(change: OneSided): SummarizedFile | undefined {
    const { path, size, cid } = change.kind === 'added' ? change.after : change.before;
    const own: Waiting = { kind: change.kind, path, size };
    const waiting = this.#waiting.get(cid);
    if (waiting?.[0] !== undefined && waiting[0].kind !== own.kind) {
      const other = waiting.shift();
      this.#count--;
      if (waiting.length === 0) this.#waiting.delete(cid);
      const [from, to] = own.kind === 'added' ? [other?.path, path] : [path, other?.path];
      return { kind: 'moved', path: to ?? path, size, from: from ?? path };
    }
    if (this.#count >= this.#most) return own;
    this.#count++;
    if (waiting === undefined) this.#waiting.set(cid, [own]);
    else waiting.push(own);
    return undefined;
  }

  *rest(): Generator<SummarizedFile> {
    for (const files of this.#waiting.values()) yield* files;
  }
}

/** Keeps the first files by path, and the counts of all by folder. */
class Summary {
  readonly #folders = new Map<string, MutableCounts>();
  readonly #total = emptyCounts();
  readonly #maxFiles: number;
  #files: SummarizedFile[] = [];
  #count = 0;

  constructor(maxFiles: number) {
    this.#maxFiles = maxFiles;
  }

  add(file: SummarizedFile): void {
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    let counts = this.#folders.get(folder);
    if (counts === undefined) {
      counts = emptyCounts();
      this.#folders.set(folder, counts);
    }
    const bytes = file.size - (file.was ?? 0);
    for (const { [file.kind]: count } of [counts, this.#total]) {
      count.files++;
      count.bytes += bytes;
    }
    this.#count++;
    this.#files.push(file);
    // Sorted only sometimes: each file costs little.
    if (this.#files.length > 2 * this.#maxFiles + 1000) this.#cut();
  }

  end(maxFolders: number): ListSummary {
    this.#cut();
    return {
      total: this.#total,
      folders: foldersOf(this.#folders, maxFolders),
      files: this.#files,
      hidden: this.#count - this.#files.length,
    };
  }

  #cut(): void {
    this.#files = this.#files.sort((a, b) => comparePaths(a.path, b.path)).slice(0, this.#maxFiles);
  }
}
