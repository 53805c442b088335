// An entry of its own: reading needs nothing of Node, and runs in a browser and in a worker.
export { ContentError, type ContentErrorCode } from './error.ts';
export type { BlockOptions } from './read/block-reader.ts';
export type { BlockRequest, BlockSession, BlockSource } from './read/block-source.ts';
export { fetchFrom, type VerifiedFetch } from './read/fetch-from.ts';
export { openFile, type VerifiedFile } from './read/open-file.ts';
export { readBlock } from './read/read-block.ts';
export { type ReadVerifiedOptions, readVerified } from './read/read-verified.ts';
