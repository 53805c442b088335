// An entry of its own: who writes files by the names of a directory does not load the schema with it.
export { foldPath } from './manifest/file-path.ts';
export { unsafeName } from './manifest/safe-name.ts';
