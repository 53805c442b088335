export { visitBlobs } from './blob-reader.ts';
export { type ChangedFile, changedFiles, type FileSide } from './changed-files.ts';
export { type ChangesReport, type CheckOptions, checkChanges } from './check-changes.ts';
export { RepositoryError, type RepositoryErrorCode } from './error.ts';
export type { GitOptions } from './git.ts';
export type { FetchHeader } from './git-environment.ts';
export { GitHubObjects, type GitHubRead } from './github-objects.ts';
export { GitHubRepository } from './github-repository.ts';
export { isObjectId, isZeroId } from './object-id.ts';
export { type Commit, type EntryMode, firstOf, type ObjectSource, type TreeEntry } from './object-source.ts';
export { type PlacementCode, placementCatalogue } from './placement-catalogue.ts';
export { type FetchOptions, openRepository, type Repository } from './repository.ts';
export {
  defaultManifests,
  defaultPublicKeys,
  readSnapshot,
  type Snapshot,
  type SnapshotFile,
  type SnapshotOptions,
  type TrustSnapshotFile,
} from './snapshot.ts';
export { readTrustFiles, type TrustFiles } from './trust-files.ts';
