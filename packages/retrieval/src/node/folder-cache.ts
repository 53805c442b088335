import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitOf, parseCid, verifyBlock } from '@holdfast/content/internal';
import type { BlockCache } from '../cache/block-cache.ts';

export interface FolderCacheOptions {
  /** Of all blocks together. Default: 1 GiB. */
  readonly maxBytes?: number | undefined;
}

/**
 * Blocks in a folder, a file each, hashed again when they are read: what a disk or somebody else changed is deleted. When
 * there is no room those that were not used for longest go. Several processes may share a folder.
 */
export function folderCache(folder: string, { maxBytes }: FolderCacheOptions = {}): BlockCache {
  return new FolderCache(folder, limitOf('maxBytes', maxBytes, 1024 ** 3));
}

/** Rooms for as much at once, so that not every block that comes makes the folder be listed. */
const roomShare = 0.1;

class FolderCache implements BlockCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  #bytes: number | undefined;
  #sweeping: Promise<void> | undefined;
  #count = 0;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  async get(cid: string): Promise<Uint8Array | undefined> {
    const path = this.#path(cid);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    try {
      verifyBlock(parseCid(cid), bytes);
    } catch {
      await rm(path, { force: true }).catch(() => undefined);
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return bytes;
  }

  async put(cid: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#maxBytes) return;
    const path = this.#path(cid);
    this.#count += 1;
    const part = `${path}.${process.pid}-${this.#count}.part`;
    try {
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(part, bytes, { flag: 'wx' });
      await rename(part, path);
    } catch {
      // A disk that takes no more makes no read fail.
      await rm(part, { force: true }).catch(() => undefined);
      return;
    }
    this.#bytes =
      (this.#bytes ?? (await this.#list()).reduce((sum, { size }) => sum + size, -bytes.length)) +
      bytes.length;
    if (this.#bytes <= this.#maxBytes) return;
    this.#sweeping ??= this.#sweep();
    await this.#sweeping;
  }

  /** Spread over folders by the end of the CID, which is random. */
  #path(cid: string): string {
    // Anything but a CID could be a path to elsewhere.
    parseCid(cid);
    return join(this.#folder, cid.slice(-2), cid);
  }

  async #sweep(): Promise<void> {
    const files = (await this.#list()).sort((a, b) => a.used - b.used);
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files) {
      if (bytes <= this.#maxBytes * (1 - roomShare)) break;
      await rm(path, { force: true }).catch(() => undefined);
      bytes -= size;
    }
    this.#bytes = bytes;
    this.#sweeping = undefined;
  }

  async #list(): Promise<{ readonly path: string; readonly size: number; readonly used: number }[]> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile());
    const found = await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        const known = await stat(path).catch(() => undefined);
        return known && { path, size: known.size, used: known.mtimeMs };
      }),
    );
    return found.filter((file) => file !== undefined);
  }
}
