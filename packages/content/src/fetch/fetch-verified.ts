import { byteOrder } from '../dag/byte-order.ts';
import { parseCid } from '../dag/link-cid.ts';
import { readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import { type BlockOptions, BlockReader } from '../read/block-reader.ts';
import type { BlockSource } from '../read/block-source.ts';
import { defaultMaxBytes } from '../read/read-verified.ts';
import { type FoundFile, folderFiles } from '../read/verified-folder.ts';
import { writeFetched } from './fetched-file.ts';
import { singleTarget, type Target, TargetFolder } from './target-folder.ts';

export interface FetchProgress {
  readonly kind: 'fetch';
  readonly files: number;
  readonly bytes: number;
}

export interface FetchOptions extends BlockOptions {
  /** The folder to write to, made where it is missing; for a CID that is one file, the file. */
  readonly to: string;
  /** Of a folder, only these; `sha256` (hex) is checked where it is given. */
  readonly files?: readonly { readonly path: string; readonly sha256?: string | undefined }[] | undefined;
  /** Of all files together. Default: 100 GiB. */
  readonly maxBytes?: number | undefined;
  /** Files and folders. Default: a million. */
  readonly maxEntries?: number | undefined;
  /** Files written at once. Default: 8. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

export interface FetchedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly status: 'written' | 'present';
}

export interface FetchResult {
  readonly cid: string;
  readonly files: readonly FetchedFile[];
  readonly bytes: number;
}

/** Writes a file or a folder, each block verified as it arrives, each file under its name only once it is whole. */
export async function fetchVerified(
  cid: string,
  source: BlockSource,
  options: FetchOptions,
): Promise<FetchResult> {
  const root = parseCid(cid);
  const reader = new BlockReader(source, options);
  const limits = {
    maxBytes: limitOf('maxBytes', options.maxBytes, defaultMaxBytes),
    maxEntries: limitOf('maxEntries', options.maxEntries, 1_000_000),
  };
  const concurrency = limitOf('concurrency', options.concurrency, 8, 1);
  const files: FetchedFile[] = [];
  let bytes = 0;
  const write = async (file: FoundFile, target: Target, sha256: string | undefined): Promise<void> => {
    const result = await writeFetched(file, target, reader, sha256, (count) => {
      bytes += count;
      options.onProgress?.({ kind: 'fetch', files: files.length, bytes });
    });
    files.push({ path: file.path, size: file.size, ...result });
    options.onProgress?.({ kind: 'fetch', files: files.length, bytes });
  };
  try {
    const block = await reader.block(root);
    const selection = new Selection(options.files);
    const found = folderFiles({ cid: root, block }, (each) => reader.block(each), limits, selection.wants);
    if (readUnixFs(root, block).kind === 'directory') {
      const folder = await TargetFolder.open(options.to);
      await eachAtOnce(
        found,
        concurrency,
        () => reader.close(),
        async (file) => write(file, await folder.place(file.path), selection.take(file.path)),
      );
      selection.checkComplete(cid);
    } else {
      const sha256 = options.files?.[0]?.sha256;
      for await (const file of found) await write(file, singleTarget(options.to), sha256);
    }
  } finally {
    reader.close();
  }
  files.sort((a, b) => byteOrder(a.path, b.path));
  return { cid, files, bytes };
}

/** Which paths are wanted, and what they should hash to. Without a list, all. */
class Selection {
  readonly #files: Map<string, string | undefined> | undefined;
  readonly #folders = new Set<string>();

  constructor(files: FetchOptions['files']) {
    if (files === undefined) return;
    this.#files = new Map(files.map(({ path, sha256 }) => [path, sha256]));
    for (const { path } of files) {
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
        this.#folders.add(path.slice(0, at));
    }
  }

  readonly wants = (path: string): boolean =>
    this.#files === undefined || this.#files.has(path) || this.#folders.has(path);

  take(path: string): string | undefined {
    const sha256 = this.#files?.get(path);
    this.#files?.delete(path);
    return sha256;
  }

  checkComplete(cid: string): void {
    const missing = [...(this.#files?.keys() ?? [])];
    if (missing.length === 0) return;
    const shown = missing.slice(0, 10).map((path) => JSON.stringify(path));
    const more = missing.length > 10 ? ` and ${missing.length - 10} more` : '';
    throw new ContentError('path-missing', `${cid} expected to have ${shown.join(', ')}${more}`, {
      subject: missing[0] ?? cid,
    });
  }
}

/** Works on several items at once. The first failure calls `stop` and is the one thrown, once nothing runs any more. */
async function eachAtOnce<Item>(
  items: AsyncIterable<Item>,
  concurrency: number,
  stop: () => void,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    stop();
  };
  try {
    for await (const item of items) {
      const done = work(item)
        .catch(fail)
        .finally(() => running.delete(done));
      running.add(done);
      if (running.size >= concurrency) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
