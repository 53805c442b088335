export { ContentError, type ContentErrorCode } from './error.ts';
export { defaultProfile, type Profile, type ProfileName, profiles } from './profile.ts';
export { type Root, type RootFile, rootFromFiles } from './root.ts';
