import type { Dataset, DatasetFile } from '@holdfast/manifest';
import { comparable } from './dataset-draft.ts';

/** The differences between two versions. */
export interface ContentChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** The same bytes under another path. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** Fields other than the content that differ. */
  readonly fields: readonly string[];
  /** Negative if there are fewer bytes. */
  readonly bytes: number;
}

/** A version and its files, wherever they are listed. */
export interface Version {
  readonly dataset: Dataset;
  readonly files: readonly DatasetFile[];
}

export function changesBetween(before: Version, after: Version): ContentChange {
  const old = new Map(before.files.map((file) => [file.path, file]));
  const now = new Map(after.files.map((file) => [file.path, file]));
  const gone = before.files.filter((file) => !now.has(file.path));
  const come = after.files.filter((file) => !old.has(file.path));
  const goneBySum = Map.groupBy(gone, (file) => file.sha256);
  const renamed = come.flatMap((file) => {
    const from = goneBySum.get(file.sha256)?.shift();
    return from ? [{ from: from.path, to: file.path }] : [];
  });
  const paths = new Set(renamed.flatMap(({ from, to }) => [from, to]));
  const isRenamed = (path: string) => paths.has(path);
  return {
    added: come.map((file) => file.path).filter((path) => !isRenamed(path)),
    removed: gone.map((file) => file.path).filter((path) => !isRenamed(path)),
    changed: after.files
      .filter((file) => (old.get(file.path)?.sha256 ?? file.sha256) !== file.sha256)
      .map((file) => file.path),
    renamed,
    fields: changedFields(before.dataset, after.dataset),
    bytes: after.dataset.totalSize - before.dataset.totalSize,
  };
}

/** Fields other than the content that differ. */
export function changedFields(before: Dataset, after: Dataset): readonly string[] {
  return comparable.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
