// A separate entry: who only checks names does not load the schema.
export { foldPath } from './manifest/file-path.ts';
export { unsafeName } from './manifest/safe-name.ts';
