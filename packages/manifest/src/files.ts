/**
 * The files of a dataset, listed in its manifest or in a list beside it.
 *
 * @example
 * ```ts
 * import { countFiles, filesOf } from '@holdfast/manifest/files';
 *
 * const { dataset } = manifest;
 * console.log(countFiles(dataset));
 * for await (const { path, sha256 } of filesOf(dataset, list)) console.log(sha256, path);
 * ```
 *
 * @module
 */
export { countFiles, type DatasetFiles, filesOf } from './file-list/dataset-files.ts';
export { type FindList, fileListPath, type ListSource } from './file-list/list-source.ts';
export { FileListWriter } from './file-list/list-writer.ts';
export { type CreateRootBuilder, type ListProof, proveList } from './file-list/prove-list.ts';
export type { FileList } from './manifest/file-list.ts';
