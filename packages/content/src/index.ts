export { type CarLimits, type ReadCarOptions, readCar, type VerifiedBlock } from './car-reader.ts';
export { ContentError, type ContentErrorCode } from './error.ts';
export { type CarOptions, type CarProgress, carOf, FolderCar, openCar } from './folder-car.ts';
export {
  type FileHash,
  type FolderHash,
  type HashOptions,
  type HashProgress,
  hashFolder,
} from './hash-folder.ts';
export { defaultProfile, type Profile, type ProfileName, profiles } from './profile.ts';
export { type Root, type RootFile, rootFromFiles } from './root.ts';
export type { Skipped, SkipReason } from './walk.ts';
export { type WriteCarOptions, type WrittenCar, writeCar } from './write-car.ts';
