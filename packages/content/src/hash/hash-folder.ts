import { stat } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { sha256 } from '@holdfast/manifest/sha256';
import { lookup } from 'mrmime';
import type { NodeBlock } from '../dag/directory.ts';
import { buildFile } from '../dag/file-dag.ts';
import { buildFolder } from '../dag/folder-dag.ts';
import { type ContentCid, cidText } from '../dag/link-cid.ts';
import { ContentError } from '../error.ts';
import { defaultProfile, type ImportProfile, type ProfileName, profileOf } from '../profile.ts';
import type { Root } from '../root.ts';
import { FolderMemory, type HashCache } from './hash-cache.ts';
import { type HashedFile, HashPool } from './hash-pool.ts';
import { type Skipped, type WalkOptions, walk } from './walk.ts';

export interface FileHash {
  /** Relative to the folder, with `/` between segments. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly cid: string;
  readonly dagSize: number;
  readonly mediaType?: string;
}

export interface FolderHash {
  /** CIDv1 in base32, under either profile. */
  readonly cid: string;
  readonly profile: ProfileName;
  /** In byte order of their paths. */
  readonly files: readonly FileHash[];
  readonly totalSize: number;
  /** Bytes of all blocks of the DAG: what Kubo calls the cumulative size. */
  readonly dagSize: number;
  /** What is in the folder and not in the list. */
  readonly skipped: readonly Skipped[];
  /** Files that were not read, because the cache knows them as they are. */
  readonly reused: number;
}

export interface HashProgress {
  readonly kind: 'hash';
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
}

export interface HashOptions extends WalkOptions {
  readonly profile?: ProfileName;
  readonly onProgress?: (progress: HashProgress) => void;
  /** Threads that read and hash; by default one a core, at most 8. */
  readonly concurrency?: number;
  /** Called with the list before a file is read. Throw, and nothing is. */
  readonly onListed?: (listed: ListedPaths) => void | Promise<void>;
  /** Remembers files that have not changed; without it, every file is read. */
  readonly cache?: HashCache | undefined;
}

/** What would be hashed, and what would not. */
export interface ListedPaths {
  readonly files: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Hashes a folder, or a single file, in one pass: CIDs and SHA-256 from the same bytes, read once. */
export async function hashFolder(path: string, options: HashOptions = {}): Promise<FolderHash> {
  return (await digestFolder(path, options)).folder;
}

/** A folder hash, and what is needed to write its blocks: the digests of every file's leaves. */
export interface FolderDigests {
  readonly folder: FolderHash;
  readonly sources: readonly FileSource[];
  /** Every directory block, children before parents. */
  readonly directories: readonly NodeBlock[];
}

export interface FileSource {
  readonly path: string;
  /** Where it can be read again. */
  readonly location: string;
  readonly size: number;
  readonly cid: ContentCid;
  readonly leaves: Uint8Array;
}

export async function digestFolder(path: string, options: HashOptions = {}): Promise<FolderDigests> {
  const profile = profileOf(options.profile ?? defaultProfile);
  options.signal?.throwIfAborted();
  // The threads start while the folder is walked.
  const pool = new HashPool(options.concurrency);
  try {
    const isFile = await isSingleFile(path);
    const { files, skipped } = isFile ? { files: [basename(path)], skipped: [] } : await walk(path, options);
    await options.onListed?.({ files, skipped });
    const locations = isFile ? [path] : within(path, files);
    const memory = options.cache && (await FolderMemory.open(options.cache, path, files, profile));
    const described = await hashed(pool, files, locations, profile, options, memory);
    await memory?.save();
    return assemble(described, skipped, profile, isFile, memory?.reused ?? 0);
  } finally {
    pool.close();
  }
}

/** Hashes named files, always by reading them; what belongs to `paths[i]` is read from `locations[i]`. */
export async function digestPaths(
  paths: readonly string[],
  locations: readonly string[],
  options: HashOptions,
): Promise<readonly FileHash[]> {
  const profile = profileOf(options.profile ?? defaultProfile);
  const pool = new HashPool(options.concurrency);
  try {
    return (await hashed(pool, paths, locations, profile, options)).files;
  } finally {
    pool.close();
  }
}

/** Paths in a folder; `join` for each would take a tenth of the time of a folder that is remembered. */
function within(folder: string, files: readonly string[]): string[] {
  const base = join(folder, sep);
  return files.map((file) => base + file);
}

async function isSingleFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ContentError(
      'not-found',
      `"${path}" expected a folder or a file: ${(cause as Error).message}`,
      {
        cause,
        subject: path,
      },
    );
  });
  if (!found.isFile() && !found.isDirectory()) {
    throw new ContentError('entry-unsupported', `"${path}" expected a folder or a regular file`, {
      subject: path,
    });
  }
  return found.isFile();
}

const progressEveryMs = 100;

interface Described {
  readonly files: FileHash[];
  readonly sources: FileSource[];
}

/** Describes each file as soon as it is hashed: the threads are at work meanwhile. */
async function hashed(
  pool: HashPool,
  paths: readonly string[],
  locations: readonly string[],
  profile: ImportProfile,
  { signal, onProgress }: HashOptions,
  memory?: FolderMemory,
): Promise<Described> {
  signal?.throwIfAborted();
  const files = new Array<FileHash>(paths.length);
  const sources = new Array<FileSource>(paths.length);
  const report = (): void => {
    const [bytes, done] = pool.done;
    onProgress?.({ kind: 'hash', files: done, totalFiles: paths.length, bytes });
  };
  const timer = onProgress === undefined ? undefined : setInterval(report, progressEveryMs);
  const abort = (): void => pool.close(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const describe = (file: HashedFile, i: number): void => {
      memory?.remember(i, file);
      const path = paths[i] as string;
      const leaves = file.leaves ?? file.sha256;
      const { cid, dagSize } = buildFile(file.size, leaves, profile, { sha256 });
      sources[i] = { path, location: locations[i] as string, size: file.size, cid, leaves };
      files[i] = fileHash(path, file, cid, dagSize);
    };
    await pool.hash(locations, profile, describe, memory);
    report();
    return { files, sources };
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function fileHash(path: string, file: HashedFile, cid: ContentCid, dagSize: number): FileHash {
  const mediaType = mediaTypeOf(path);
  return {
    path,
    size: file.size,
    sha256: hex(file.sha256),
    cid: cidText(cid.codec, cid.digest),
    dagSize,
    ...(mediaType === undefined ? {} : { mediaType }),
  };
}

function assemble(
  { files, sources }: Described,
  skipped: readonly Skipped[],
  profile: ImportProfile,
  isFile: boolean,
  reused: number,
): FolderDigests {
  const directories: NodeBlock[] = [];
  const root = isFile ? fileRoot(files) : folderRoot(sources, profile, directories);
  const totalSize = files.reduce((sum, { size }) => sum + size, 0);
  return {
    folder: { ...root, profile: profile.name, files, totalSize, skipped, reused },
    sources,
    directories,
  };
}

/** Folders have few extensions and many files. */
const mediaTypes = new Map<string, string | undefined>();

export function mediaTypeOf(path: string): string | undefined {
  const extension = extname(path);
  if (!mediaTypes.has(extension)) {
    if (mediaTypes.size > 1000) mediaTypes.clear();
    mediaTypes.set(extension, lookup(extension));
  }
  return mediaTypes.get(extension);
}

function fileRoot(files: readonly FileHash[]): Root {
  const [{ cid, dagSize }] = files as [FileHash];
  return { cid, dagSize };
}

function folderRoot(sources: readonly FileSource[], profile: ImportProfile, directories: NodeBlock[]): Root {
  const { digest, dagSize } = buildFolder(sources, profile, {
    sha256,
    emit: (block) => directories.push(block),
  });
  return { cid: cidText('dag-pb', digest), dagSize };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
