import type { DatasetFile } from '@holdfast/manifest';
import type { SiteDataset } from '../model/site-values.ts';

export interface VersionDifference {
  readonly added: readonly DatasetFile[];
  readonly removed: readonly DatasetFile[];
  readonly changed: readonly (readonly [before: DatasetFile, after: DatasetFile])[];
  /** Files of the same bytes. */
  readonly same: number;
}

/** What a version changed; undefined where the files of one are in a list beside its manifest. */
export function differenceOf(before: SiteDataset, after: SiteDataset): VersionDifference | undefined {
  const [old, now] = [before.dataset.files, after.dataset.files];
  if (old === undefined || now === undefined) return undefined;
  const left = new Map(old.map((file) => [file.path, file]));
  const added: DatasetFile[] = [];
  const changed: [DatasetFile, DatasetFile][] = [];
  let same = 0;
  for (const file of now) {
    const was = left.get(file.path);
    left.delete(file.path);
    if (was === undefined) added.push(file);
    else if (was.sha256 === file.sha256) same += 1;
    else changed.push([was, file]);
  }
  return { added, removed: [...left.values()], changed, same };
}
