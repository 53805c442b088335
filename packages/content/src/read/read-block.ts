import { parseCid } from '../dag/link-cid.ts';
import { BlockFetcher, type FetcherOptions } from './block-fetcher.ts';
import type { Source } from './source.ts';

/** One block, verified: of a folder its own, without what it links to. */
export async function readBlock(
  cid: string,
  sources: readonly Source[],
  options: FetcherOptions = {},
): Promise<Uint8Array> {
  const fetcher = new BlockFetcher(sources, options);
  try {
    return await fetcher.block(parseCid(cid));
  } finally {
    fetcher.close();
  }
}
