import { type ContentCid, parseCid } from '../dag/link-cid.ts';
import { readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import { type BlockOptions, BlockReader } from './block-reader.ts';
import type { BlockSource } from './block-source.ts';
import type { ByteRange } from './verified-file.ts';

export interface ReadVerifiedOptions extends BlockOptions {
  /** The most that is read. Default: 100 GiB. */
  readonly maxBytes?: number | undefined;
  /** The first byte to read. Default: 0. */
  readonly offset?: number | undefined;
  /** How many bytes to read. Default: to the end. */
  readonly length?: number | undefined;
}

/** 100 GiB: far above most datasets' files, and an end to what a hostile DAG can make a reader do. */
export const defaultMaxBytes = 100 * 1024 ** 3;

/** The bytes of one file, or a range of them, every block verified before any of it is given. A range costs its blocks and those above. */
export async function* readVerified(
  cid: string,
  source: BlockSource,
  options: ReadVerifiedOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const root = parseCid(cid);
  const maxBytes = limitOf('maxBytes', options.maxBytes, defaultMaxBytes);
  const range = rangeOf(options);
  const reader = new BlockReader(source, options);
  try {
    const block = await reader.block(root);
    const size =
      Math.min(fileSize(root, block), range?.end ?? Number.POSITIVE_INFINITY) - (range?.start ?? 0);
    if (size > maxBytes) {
      throw new ContentError(
        'too-large',
        `expected at most ${maxBytes} bytes (option "maxBytes"), got ${size}`,
      );
    }
    yield* reader.file(root, block, range);
  } finally {
    reader.close();
  }
}

function rangeOf({ offset, length }: ReadVerifiedOptions): ByteRange | undefined {
  if (offset === undefined && length === undefined) return undefined;
  const start = limitOf('offset', offset, 0);
  return { start, end: start + limitOf('length', length, Number.POSITIVE_INFINITY) };
}

/** What the first block says; of a folder nothing, which reading it refuses. */
export function fileSize(root: ContentCid, block: Uint8Array): number {
  const node = readUnixFs(root, block);
  if (node.kind === 'file') return node.size;
  return node.kind === 'leaf' ? node.bytes.length : 0;
}
