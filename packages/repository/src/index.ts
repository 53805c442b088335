export { type ChangesReport, type CheckOptions, checkChanges } from './check-changes.ts';
export type { GitOptions } from './git/git.ts';
export type { FetchHeader } from './git/git-environment.ts';
export { hooksFolder } from './git/hooks-folder.ts';
export { type MergeDriver, setMergeDriver } from './git/merge-driver.ts';
export { commitIndex, type IndexOptions, previewMerge } from './git/proposed-commit.ts';
export { type FetchOptions, openRepository, type Repository } from './git/repository.ts';
export { readUnmerged, type UnmergedFile } from './git/unmerged-file.ts';
export { GitHubObjects, type GitHubRead } from './github/github-objects.ts';
export { GitHubRepository } from './github/github-repository.ts';
export { RepositoryError, type RepositoryErrorCode } from './objects/error.ts';
export { isObjectId, isZeroId } from './objects/object-id.ts';
export {
  type Commit,
  type EntryMode,
  firstOf,
  type ObjectSource,
  type TreeEntry,
} from './objects/object-source.ts';
export { visitBlobs } from './snapshot/blob-reader.ts';
export { type ChangedFile, changedFiles, type FileSide } from './snapshot/changed-files.ts';
export { fileAt } from './snapshot/file-at.ts';
export { listsOf } from './snapshot/list-files.ts';
export { type PlacementCode, placementCatalogue } from './snapshot/placement-catalogue.ts';
export {
  defaultManifests,
  defaultPublicKeys,
  readSnapshot,
  type Snapshot,
  type SnapshotOptions,
  type TrustSnapshotFile,
} from './snapshot/snapshot.ts';
export type { SnapshotFile } from './snapshot/snapshot-file.ts';
export { readTrustFiles, type TrustFiles } from './snapshot/trust-files.ts';
