export { type CarLimits, type ReadCarOptions, readCar, type VerifiedBlock } from './car/car-reader.ts';
export {
  type CarOptions,
  type CarPart,
  type CarProgress,
  carOf,
  FolderCar,
  type MissingBlocks,
  type MissingOptions,
  openCar,
} from './car/folder-car.ts';
export type { BlockPresence } from './car/missing-blocks.ts';
export { type WriteCarOptions, type WrittenCar, writeCar } from './car/write-car.ts';
export { ContentError, type ContentErrorCode } from './error.ts';
export {
  type FetchedFile,
  type FetchOptions,
  type FetchProgress,
  type FetchResult,
  fetchVerified,
} from './fetch/fetch-verified.ts';
export type { HashCache } from './hash/hash-cache.ts';
export {
  type FileHash,
  type FolderHash,
  type HashOptions,
  type HashProgress,
  hashFolder,
  type ListedPaths,
} from './hash/hash-folder.ts';
export { HashedBytes } from './hash/hashed-bytes.ts';
export {
  type FileDifference,
  type FolderVerdict,
  type ListedFolder,
  verifyFolder,
} from './hash/verify-folder.ts';
export type { Skipped, SkipReason } from './hash/walk.ts';
export { defaultProfile, type ImportProfile, type ProfileName, profiles } from './profile.ts';
export type { BlockOptions } from './read/block-reader.ts';
export type { BlockRequest, BlockSession, BlockSource } from './read/block-source.ts';
export { openFile, type VerifiedFile } from './read/open-file.ts';
export { readBlock } from './read/read-block.ts';
export { type ReadVerifiedOptions, readVerified } from './read/read-verified.ts';
export {
  type FileVerdict,
  type ListedFile,
  type VerifyFileOptions,
  verifyFile,
} from './read/verify-file.ts';
export { type Root, type RootFile, rootFromFiles } from './root.ts';
