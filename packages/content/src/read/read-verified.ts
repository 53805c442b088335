import { type ContentCid, parseCid } from '../dag/link-cid.ts';
import { readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import { BlockFetcher, type FetcherOptions } from './block-fetcher.ts';
import { CarSession } from './car-session.ts';
import type { Source } from './source.ts';
import { type BlockSupply, fileBytes } from './verified-file.ts';

export interface ReadOptions extends FetcherOptions {
  /** Of the file. */
  readonly maxBytes?: number;
}

/** 100 GiB: far above most datasets' files, and an end to what a hostile DAG can make a reader do. */
export const defaultMaxBytes = 100 * 1024 ** 3;
const window = 4;

/** The bytes of one file, every block verified before any of it is given. */
export async function* readVerified(
  cid: string,
  sources: readonly Source[],
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const root = parseCid(cid);
  const maxBytes = limitOf('maxBytes', options.maxBytes, defaultMaxBytes);
  const fetcher = new BlockFetcher(sources, options);
  try {
    const block = await fetcher.block(root);
    checkSize(root, block, maxBytes);
    yield* streamedBytes(root, block, fetcher);
  } finally {
    fetcher.close();
  }
}

function checkSize(root: ContentCid, block: Uint8Array, limit: number): void {
  const node = readUnixFs(root, block);
  const size = node.kind === 'file' ? node.size : node.kind === 'leaf' ? node.bytes.length : 0;
  if (size <= limit) return;
  throw new ContentError('too-large', `expected at most ${limit} bytes (option "maxBytes"), got ${size}`);
}

/** A file's bytes, by CAR where the first source that is still in is to be asked that way. */
export async function* streamedBytes(
  root: ContentCid,
  block: Uint8Array,
  fetcher: BlockFetcher,
): AsyncGenerator<Uint8Array, void> {
  const place = fetcher.places.find((each) => !fetcher.isOut(each));
  if (place?.format !== 'car' || readUnixFs(root, block).kind !== 'file') {
    yield* fileBytes(root, block, blockSupply(fetcher));
    return;
  }
  const session = new CarSession(fetcher, place);
  try {
    await session.open(root);
    yield* fileBytes(root, block, { window: 1, get: (cid) => session.block(cid) });
  } finally {
    await session.close();
  }
}

function blockSupply(fetcher: BlockFetcher): BlockSupply {
  return { window, get: (cid) => fetcher.block(cid) };
}
