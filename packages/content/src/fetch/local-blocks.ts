import type { FileHandle } from 'node:fs/promises';
import { sha256 } from '@holdfast/manifest/sha256';
import { wrapLeaf } from '../dag/file-dag.ts';
import type { ContentCid } from '../dag/link-cid.ts';
import { type BlockReader, window } from '../read/block-reader.ts';
import type { BlockSupply } from '../read/verified-file.ts';

/** Blocks out of a file that is partly there: what hashes to the CID is used, the rest is fetched. */
export class LocalBlocks implements BlockSupply {
  readonly window = window;
  readonly #handle: FileHandle;
  readonly #length: number;
  readonly #reader: BlockReader;
  /** Offsets of the file whose bytes are there already. */
  readonly #present = new Set<number>();

  constructor(handle: FileHandle, length: number, reader: BlockReader) {
    this.#handle = handle;
    this.#length = length;
    this.#reader = reader;
  }

  async get(cid: ContentCid, offset: number, size: number): Promise<Uint8Array> {
    const local = await this.#local(cid, offset, size);
    if (local !== undefined) return local;
    return this.#reader.block(cid);
  }

  /** Says, once for each leaf, whether its bytes were taken from the file. */
  took(offset: number): boolean {
    return this.#present.delete(offset);
  }

  async #local(cid: ContentCid, offset: number, size: number): Promise<Uint8Array | undefined> {
    if (size === 0 || offset + size > this.#length || size > this.#reader.maxBlockBytes) return undefined;
    const bytes = new Uint8Array(size);
    const { bytesRead } = await this.#handle.read(bytes, 0, size, offset);
    if (bytesRead < size) return undefined;
    const block = cid.codec === 'raw' ? bytes : wrapLeaf(bytes);
    if (Buffer.compare(sha256(block), cid.digest) !== 0) return undefined;
    this.#present.add(offset);
    return block;
  }
}
