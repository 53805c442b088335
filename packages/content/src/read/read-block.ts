import { parseCid } from '../dag/link-cid.ts';
import { type BlockOptions, BlockReader } from './block-reader.ts';
import type { BlockSource } from './block-source.ts';

/** One block, verified: of a folder its own, without what it links to. */
export async function readBlock(
  cid: string,
  source: BlockSource,
  options: BlockOptions = {},
): Promise<Uint8Array> {
  const root = parseCid(cid);
  const reader = new BlockReader(source, options);
  try {
    return await reader.block(root);
  } finally {
    reader.close();
  }
}
