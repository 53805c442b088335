import { type ContentCid, parseCid } from '../dag/link-cid.ts';
import { readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import { type BlockOptions, BlockReader } from './block-reader.ts';
import type { BlockSource } from './block-source.ts';

export interface ReadVerifiedOptions extends BlockOptions {
  /** Of the file. Default: 100 GiB. */
  readonly maxBytes?: number | undefined;
}

/** 100 GiB: far above most datasets' files, and an end to what a hostile DAG can make a reader do. */
export const defaultMaxBytes = 100 * 1024 ** 3;

/** The bytes of one file, every block verified before any of it is given. */
export async function* readVerified(
  cid: string,
  source: BlockSource,
  options: ReadVerifiedOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const root = parseCid(cid);
  const maxBytes = limitOf('maxBytes', options.maxBytes, defaultMaxBytes);
  const reader = new BlockReader(source, options);
  try {
    const block = await reader.block(root);
    checkSize(root, block, maxBytes);
    yield* reader.file(root, block);
  } finally {
    reader.close();
  }
}

function checkSize(root: ContentCid, block: Uint8Array, limit: number): void {
  const node = readUnixFs(root, block);
  const size = node.kind === 'file' ? node.size : node.kind === 'leaf' ? node.bytes.length : 0;
  if (size <= limit) return;
  throw new ContentError('too-large', `expected at most ${limit} bytes (option "maxBytes"), got ${size}`);
}
