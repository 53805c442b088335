import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import type { ImportProfile } from '../profile.ts';
import type { HashedFile } from './hash-pool.ts';
import { stampWords } from './hash-protocol.ts';
import {
  alignRemembered,
  decodeRemembered,
  encodeRemembered,
  type RememberedFiles,
  unknown,
} from './remembered-files.ts';

/**
 * Keeps what the files of a folder hashed to, between runs. A file whose size, times and inode are as they were is not
 * read again, so that the second version of a dataset costs what changed.
 */
export interface HashCache {
  /** What was last saved under this name, if anything. */
  load(name: string): Promise<Uint8Array | undefined>;
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** By the clock that stamps the files. */
  clock(): Date;
  /** Called where what was saved cannot be used: every file is hashed. */
  onIgnored?(name: string, reason: string): void;
}

/**
 * Coarser than every clock of a file system in use (FAT counts in two seconds). A file that changed this shortly before
 * it was hashed could change again and look the same, so it is not remembered: Git's rule for racily clean entries.
 */
const granularityNs = 2_000_000_000n;

/** The hashes of one folder, looked up and collected in one run. */
export class FolderMemory {
  readonly #cache: HashCache;
  readonly #name: string;
  readonly #settledBefore: bigint;
  readonly #files: RememberedFiles & { readonly leaves: Map<number, Uint8Array> };
  #reused = 0;
  /** Whether what is saved lacks something, or has what is no longer there. */
  #stale: boolean;

  static async open(
    cache: HashCache,
    folder: string,
    paths: readonly string[],
    profile: ImportProfile,
  ): Promise<FolderMemory> {
    const began = cache.clock();
    const { chunkSize, rawLeaves } = profile;
    const place = JSON.stringify([await realpath(folder), chunkSize, rawLeaves]);
    const name = createHash('sha256').update(place).digest('hex');
    const saved = await cache.load(name);
    const decoded = saved && decodeRemembered(saved);
    if (decoded && 'fault' in decoded) cache.onIgnored?.(name, decoded.fault);
    const remembered = decoded && 'fault' in decoded ? undefined : decoded;
    return new FolderMemory(cache, name, began, paths, remembered);
  }

  private constructor(
    cache: HashCache,
    name: string,
    began: Date,
    paths: readonly string[],
    remembered: RememberedFiles = nothing,
  ) {
    this.#cache = cache;
    this.#name = name;
    this.#settledBefore = BigInt(began.getTime()) * 1_000_000n - granularityNs;
    const aligned = alignRemembered(remembered, paths);
    this.#files = { ...aligned, leaves: new Map(aligned.leaves) };
    this.#stale = aligned !== remembered;
  }

  /** What each file was known by, `stampWords` words a file. */
  get stamps(): BigInt64Array {
    return this.#files.stamps;
  }

  /** How many files were not read. */
  get reused(): number {
    return this.#reused;
  }

  /** What a file that looks as it did hashed to. */
  reuse(index: number): HashedFile {
    this.#reused += 1;
    const size = Number(this.#files.stamps[stampWords * index]);
    const leaves = this.#files.leaves.get(index);
    const sha256 = this.#files.sha256.subarray(32 * index, 32 * (index + 1));
    return { size, sha256, ...(leaves === undefined ? {} : { leaves }) };
  }

  remember(index: number, { sha256, leaves, stamp }: HashedFile): void {
    if (stamp === undefined) return;
    this.#stale = true;
    this.#files.stamps.set(stamp, stampWords * index);
    if (!this.#isSettled(stamp)) this.#files.stamps[stampWords * index] = unknown;
    this.#files.sha256.set(sha256, 32 * index);
    if (leaves === undefined) this.#files.leaves.delete(index);
    else this.#files.leaves.set(index, leaves);
  }

  async save(): Promise<void> {
    if (this.#stale) await this.#cache.save(this.#name, encodeRemembered(this.#files));
  }

  #isSettled([, modified = 0n, changed = 0n]: BigInt64Array): boolean {
    return modified < this.#settledBefore && changed < this.#settledBefore;
  }
}

const nothing: RememberedFiles = {
  paths: Buffer.alloc(0),
  count: 0,
  stamps: new BigInt64Array(),
  sha256: new Uint8Array(),
  leaves: new Map(),
};
