import { type FileHandle, open } from 'node:fs/promises';
import { sha256 } from '@holdfast/manifest/sha256';
import { blockKey } from '../dag/block-links.ts';
import { wrapLeaf } from '../dag/file-dag.ts';
import { cidText, linkCid, parseCid } from '../dag/link-cid.ts';
import { ContentError } from '../error.ts';
import { digestFolder, type FolderDigests, type FolderHash, type HashOptions } from '../hash/hash-folder.ts';
import { type ImportProfile, profileOf } from '../profile.ts';
import { carHeader, frameHead, frameLength } from './car-frame.ts';
import { carPlan, type PlannedBlock, type PlannedLeaf } from './car-plan.ts';

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

/** The CAR of a folder before it is written: CARv1, one root, the same bytes for the same content. */
export class FolderCar {
  readonly folder: FolderHash;
  readonly cid: string;
  readonly blockCount: number;
  /** Of the whole CAR, for a Content-Length. */
  readonly byteLength: number;
  readonly #digests: FolderDigests;
  readonly #profile: ImportProfile;
  readonly #header: Uint8Array;

  constructor(digests: FolderDigests) {
    this.#digests = digests;
    this.#profile = profileOf(digests.folder.profile);
    this.folder = digests.folder;
    this.cid = digests.folder.cid;
    const root = parseCid(this.cid);
    this.#header = carHeader(linkCid(root.codec, root.digest, this.#profile));
    let blocks = 0;
    let bytes = this.#header.length;
    for (const { cid, length } of this.plan()) {
      blocks += 1;
      bytes += frameLength(linkCid(cid.codec, cid.digest, this.#profile).length, length);
    }
    this.blockCount = blocks;
    this.byteLength = bytes;
  }

  plan(): Iterable<PlannedBlock> {
    return carPlan(this.#digests, this.#profile);
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
