export { type ChangedFile, changedFiles, type FileSide } from './changed-files.ts';
export { RepositoryError, type RepositoryErrorCode } from './error.ts';
export type { GitOptions } from './git.ts';
export type { FetchHeader } from './git-environment.ts';
export { GitHubObjects, type GitHubRead } from './github-objects.ts';
export { isObjectId, isZeroId } from './object-id.ts';
export { type Commit, type EntryMode, firstOf, type ObjectSource, type TreeEntry } from './object-source.ts';
export { type FetchOptions, openRepository, type Repository } from './repository.ts';
export { readSnapshot, type Snapshot, type SnapshotFile, type SnapshotOptions } from './snapshot.ts';
