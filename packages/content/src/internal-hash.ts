/** What other packages of the workspace need of hashing, which reads files. No promise is made about it. */
export { digestPaths, mediaTypeOf } from './hash/hash-folder.ts';
