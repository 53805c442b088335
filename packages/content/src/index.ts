export { type CarLimits, type ReadCarOptions, readCar, type VerifiedBlock } from './car-reader.ts';
export { ContentError, type ContentErrorCode } from './error.ts';
export {
  type FetchedFile,
  type FetchOptions,
  type FetchProgress,
  type FetchResult,
  fetchVerified,
} from './fetch-verified.ts';
export { type CarOptions, type CarProgress, carOf, FolderCar, openCar } from './folder-car.ts';
export {
  type FileHash,
  type FolderHash,
  type HashOptions,
  type HashProgress,
  hashFolder,
} from './hash-folder.ts';
export { defaultProfile, type Profile, type ProfileName, profiles } from './profile.ts';
export { readBlock } from './read-block.ts';
export { type ReadOptions, readVerified } from './read-verified.ts';
export { type Root, type RootFile, rootFromFiles } from './root.ts';
export type { Source, SourceAuth } from './source.ts';
export { type FileDifference, type FolderVerdict, type ListedFolder, verifyFolder } from './verify-folder.ts';
export type { Skipped, SkipReason } from './walk.ts';
export { type WriteCarOptions, type WrittenCar, writeCar } from './write-car.ts';
