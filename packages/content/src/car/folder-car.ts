import { type FileHandle, open } from 'node:fs/promises';
import { sha256 } from '@holdfast/manifest/sha256';
import { blockKey } from '../dag/block-links.ts';
import { wrapLeaf } from '../dag/file-dag.ts';
import { cidText, linkCid, parseCid } from '../dag/link-cid.ts';
import { ContentError } from '../error.ts';
import { digestFolder, type FolderDigests, type FolderHash, type HashOptions } from '../hash/hash-folder.ts';
import { type ImportProfile, profileOf } from '../profile.ts';
import { carHeader, frameHead, frameLength } from './car-frame.ts';
import { carPlan, FolderTree, type PlannedBlock, type PlannedLeaf } from './car-plan.ts';
import { type BlockPresence, findMissing } from './missing-blocks.ts';

export interface CarProgress {
  readonly kind: 'car';
  readonly blocks: number;
  readonly totalBlocks: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface CarOptions extends Omit<HashOptions, 'onProgress'> {
  readonly onProgress?: (progress: import('../hash/hash-folder.ts').HashProgress | CarProgress) => void;
  /**
   * What has arrived already, of an upload that broke: how many blocks from the start, or which. Those are left out
   * and not read again; what comes is a whole CAR of the rest, with the same root.
   */
  readonly resume?: number | ((cid: string) => boolean);
}

export interface MissingOptions {
  /** Of one part. Default: 64 MiB, which is what a broken upload repeats at most. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

const defaultPartBytes = 64 << 20;

/** What a target lacks of a folder. */
export interface MissingBlocks {
  readonly parts: readonly CarPart[];
  readonly blockCount: number;
  /** Of all parts. */
  readonly byteLength: number;
}

/** A CAR of some blocks of a folder, under the folder's root. */
export interface CarPart {
  readonly blockCount: number;
  readonly byteLength: number;
  /** The bytes, which can be read as often as needed; every file is checked against its digests. */
  read(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** The blocks one by one, for a target that takes no CAR. */
  blocks(signal?: AbortSignal): AsyncIterable<{ readonly cid: string; readonly bytes: Uint8Array }>;
}

/** The CAR of a folder before it is written: CARv1, one root, the same bytes for the same content. */
export class FolderCar {
  readonly folder: FolderHash;
  readonly cid: string;
  readonly blockCount: number;
  /** Of the whole CAR, for a Content-Length. */
  readonly byteLength: number;
  readonly #tree: FolderTree;
  readonly #profile: ImportProfile;
  readonly #header: Uint8Array;

  constructor(digests: FolderDigests) {
    this.#profile = profileOf(digests.folder.profile);
    this.#tree = new FolderTree(digests, this.#profile);
    this.folder = digests.folder;
    this.cid = digests.folder.cid;
    const root = parseCid(this.cid);
    this.#header = carHeader(linkCid(root.codec, root.digest, this.#profile));
    let blocks = 0;
    let bytes = this.#header.length;
    for (const { cid, length } of this.plan()) {
      blocks += 1;
      bytes += this.#frameLength({ cid, length });
    }
    this.blockCount = blocks;
    this.byteLength = bytes;
  }

  plan(): Iterable<PlannedBlock> {
    return carPlan(this.#tree);
  }

  /**
   * The blocks that a target lacks, in parts of at most `maxBytes` or one block. Only what the target has as a whole is
   * left out: a folder that is there without one of its files is sent again, and that file, and nothing else.
   */
  async missing(presence: BlockPresence, options: MissingOptions = {}): Promise<MissingBlocks> {
    const { maxBytes = defaultPartBytes, signal } = options;
    const blocks = await findMissing(this.#tree, () => this.plan(), presence, signal);
    const parts: CarPart[] = [];
    let from = 0;
    let size = 0;
    for (const [i, block] of blocks.entries()) {
      const length = this.#frameLength(block);
      if (i > from && size + length > maxBytes) {
        parts.push(this.#part(blocks.slice(from, i), size));
        from = i;
        size = 0;
      }
      size += length;
    }
    if (size > 0) parts.push(this.#part(blocks.slice(from), size));
    const byteLength = parts.reduce((sum, part) => sum + part.byteLength, 0);
    return { parts, blockCount: blocks.length, byteLength };
  }

  #part(blocks: readonly PlannedBlock[], size: number): CarPart {
    const header = this.#header;
    const opened = (signal?: AbortSignal) => this.#opened(blocks, signal);
    return {
      blockCount: blocks.length,
      byteLength: header.length + size,
      blocks: opened,
      read: async function* read(signal) {
        yield header;
        for await (const { link, bytes } of opened(signal)) {
          yield frameHead(link, bytes.length);
          yield bytes;
        }
      },
    };
  }

  async *#opened(blocks: Iterable<PlannedBlock>, signal: AbortSignal | undefined) {
    const reader = new LeafReader(this.#profile);
    try {
      for (const block of blocks) {
        signal?.throwIfAborted();
        const { codec, digest } = block.cid;
        const bytes = 'bytes' in block ? block.bytes : await reader.read(block);
        yield { cid: cidText(codec, digest), link: linkCid(codec, digest, this.#profile), bytes };
      }
    } finally {
      await reader.close();
    }
  }

  #frameLength({ cid, length }: Pick<PlannedBlock, 'cid' | 'length'>): number {
    return frameLength(linkCid(cid.codec, cid.digest, this.#profile).length, length);
  }

  /** The CAR's bytes; every file is read again and checked against its digests. */
  async *read(
    options: Pick<CarOptions, 'resume' | 'signal' | 'onProgress'> = {},
  ): AsyncGenerator<Uint8Array, void> {
    yield this.#header;
    yield* this.frames(options);
  }

  /** The same without the header. */
  async *frames({
    resume = 0,
    signal,
    onProgress,
  }: Pick<CarOptions, 'resume' | 'signal' | 'onProgress'> = {}): AsyncGenerator<Uint8Array, void> {
    const reader = new LeafReader(this.#profile);
    let blocks = 0;
    let bytes = this.#header.length;
    try {
      for (const block of this.plan()) {
        signal?.throwIfAborted();
        const cid = linkCid(block.cid.codec, block.cid.digest, this.#profile);
        const arrived =
          typeof resume === 'number' ? blocks < resume : resume(cidText(block.cid.codec, block.cid.digest));
        if (!arrived) {
          yield frameHead(cid, block.length);
          yield 'bytes' in block ? block.bytes : await reader.read(block);
        }
        blocks += 1;
        bytes += frameLength(cid.length, block.length);
        onProgress?.({
          kind: 'car',
          blocks,
          totalBlocks: this.blockCount,
          bytes,
          totalBytes: this.byteLength,
        });
      }
    } finally {
      await reader.close();
    }
  }
}

/** Hashes the folder, which is what a CAR must begin with. */
export async function openCar(path: string, options: CarOptions = {}): Promise<FolderCar> {
  return new FolderCar(await digestFolder(path, options));
}

/** The CAR of a folder or a file as a stream. */
export async function* carOf(path: string, options: CarOptions = {}): AsyncGenerator<Uint8Array, void> {
  const car = await openCar(path, options);
  yield* car.read(options);
}

/** Reads leaves again, keeping the file of the last one open: the plan goes through each file from its start. */
class LeafReader {
  readonly #profile: ImportProfile;
  #open: { location: string; handle: FileHandle } | undefined;

  constructor(profile: ImportProfile) {
    this.#profile = profile;
  }

  async read({ cid, source: { location }, offset, size }: PlannedLeaf): Promise<Uint8Array> {
    const handle = await this.#handle(location);
    const chunk = new Uint8Array(size);
    for (let filled = 0; filled < size; ) {
      const { bytesRead } = await handle.read(chunk, filled, size - filled, offset + filled);
      if (bytesRead === 0) throw changed(location);
      filled += bytesRead;
    }
    const block = this.#profile.rawLeaves ? chunk : wrapLeaf(chunk);
    if (blockKey({ codec: cid.codec, digest: sha256(block) }) !== blockKey(cid)) throw changed(location);
    return block;
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  async #handle(location: string): Promise<FileHandle> {
    if (this.#open?.location === location) return this.#open.handle;
    await this.close();
    const handle = await open(location).catch((cause: unknown) => {
      throw new ContentError(
        'unreadable',
        `"${location}" could not be read again: ${(cause as Error).message}`,
        {
          cause,
          subject: location,
        },
      );
    });
    this.#open = { location, handle };
    return handle;
  }
}

function changed(location: string): ContentError {
  return new ContentError(
    'changed-while-reading',
    `"${location}" changed between being hashed and being written`,
    {
      subject: location,
    },
  );
}
