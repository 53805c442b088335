/**
 * The list of files of a dataset in the forms that other tools read.
 *
 * @module
 */
export { croissant } from './forms/croissant.ts';
export { dataPackage } from './forms/data-package.ts';
export { addressOf, contentBase, type ExportSource } from './forms/dataset-lines.ts';
export { sha256Sums } from './forms/sha256-sums.ts';
