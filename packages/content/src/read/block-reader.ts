import { defaultMaxBlockBytes, verifyBlock } from '../car/car-reader.ts';
import { type ContentCid, cidText } from '../dag/link-cid.ts';
import { readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import type { BlockRequest, BlockSource } from './block-source.ts';
import { type ByteRange, fileBytes } from './verified-file.ts';

export interface BlockOptions {
  readonly signal?: AbortSignal | undefined;
  /** The most that one block may have. Default: 2 MiB, which is what IPFS nodes exchange. */
  readonly maxBlockBytes?: number | undefined;
}

/** The most blocks of a file asked for at once: of a place that is 30 ms away, four would take four times as long. */
export const window = 16;

/** Verified blocks of one source, for as long as one call reads. */
export class BlockReader {
  readonly maxBlockBytes: number;
  readonly #source: BlockSource;
  readonly #request: BlockRequest;
  readonly #stop = new AbortController();

  constructor(source: BlockSource, { signal, maxBlockBytes }: BlockOptions) {
    this.#source = source;
    this.maxBlockBytes = limitOf('maxBlockBytes', maxBlockBytes, defaultMaxBlockBytes);
    const stop = this.#stop.signal;
    this.#request = {
      signal: signal === undefined ? stop : AbortSignal.any([signal, stop]),
      maxBytes: this.maxBlockBytes,
    };
  }

  async block(cid: ContentCid): Promise<Uint8Array> {
    this.#request.signal.throwIfAborted();
    return this.#verified(cid, await this.#source.block(cidText(cid.codec, cid.digest), this.#request));
  }

  /** The bytes of a file, whose first block is there already. */
  async *file(root: ContentCid, block: Uint8Array, range?: ByteRange): AsyncGenerator<Uint8Array, void> {
    const isWhole = range === undefined && readUnixFs(root, block).kind === 'file';
    const session = isWhole
      ? this.#source.session?.(cidText(root.codec, root.digest), this.#request)
      : undefined;
    if (session === undefined) {
      yield* fileBytes(root, block, { window, get: (cid) => this.block(cid) }, range);
      return;
    }
    try {
      const get = async (cid: ContentCid): Promise<Uint8Array> =>
        this.#verified(cid, await session.block(cidText(cid.codec, cid.digest)));
      yield* fileBytes(root, block, { window: 1, get });
    } finally {
      await session.close();
    }
  }

  /** Ends every request that still runs. */
  close(): void {
    this.#stop.abort();
  }

  #verified(cid: ContentCid, bytes: Uint8Array): Uint8Array {
    if (bytes.length > this.maxBlockBytes) {
      throw new ContentError(
        'block-too-large',
        `expected blocks of at most ${this.maxBlockBytes} bytes, got one of ${bytes.length}`,
        { subject: cidText(cid.codec, cid.digest) },
      );
    }
    if (this.#source.verifies !== true) verifyBlock(cid, bytes);
    return bytes;
  }
}
