import { parseCid } from '../dag/link-cid.ts';
import { invalid, readUnixFs } from '../dag/unixfs-node.ts';
import { type BlockOptions, BlockReader } from './block-reader.ts';
import type { BlockSource } from './block-source.ts';
import { fileSize } from './read-verified.ts';

/** A file to read here and there in, as readers of Parquet, Zarr or ZIP do. */
export interface VerifiedFile {
  readonly byteLength: number;
  /** Bytes `start` to `end`, the last not included, as `ArrayBuffer.slice` counts them: from the end where negative. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Opens a file by its CID. Its first block is kept, so each `slice` costs only the blocks that it needs. */
export async function openFile(
  cid: string,
  source: BlockSource,
  options: BlockOptions = {},
): Promise<VerifiedFile> {
  const root = parseCid(cid);
  const first = new BlockReader(source, options);
  const block = await first.block(root).finally(() => first.close());
  if (readUnixFs(root, block).kind === 'directory') throw invalid('a file, got a folder');
  const byteLength = fileSize(root, block);
  const place = (at: number): number =>
    Math.min(byteLength, Math.max(0, Math.trunc(at < 0 ? byteLength + at : at) || 0));
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const range = { start: place(start), end: Math.max(place(start), place(end)) };
      const bytes = new Uint8Array(range.end - range.start);
      const reader = new BlockReader(source, options);
      try {
        let at = 0;
        for await (const part of reader.file(root, block, range)) {
          bytes.set(part, at);
          at += part.length;
        }
        return bytes.buffer;
      } finally {
        reader.close();
      }
    },
  };
}
