import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type HashOptions, profiles, rootFromFiles } from '@holdfast/content';
import { byteOrder, checkPaths, rawCid } from '@holdfast/content/internal';
import { digestPaths, mediaTypeOf } from '@holdfast/content/internal/hash';
import type { DatasetFile } from '@holdfast/manifest';
import { bytes, escapeText } from '@holdfast/manifest/text';
import { inBatches } from '../frame/batch.ts';
import { Misuse } from '../frame/misuse.ts';
import type { ForeignFile, ForeignList } from './foreign-file.ts';

export interface ForeignContent {
  readonly cid: string;
  readonly profile: 'unixfs-v1-2025';
  readonly totalSize: number;
  readonly files: readonly DatasetFile[];
  /** How many were described without their bytes. */
  readonly derived: number;
  /** Files whose bytes are not what the list says. */
  readonly differences: readonly { readonly path: string; readonly message: string }[];
}

const { chunkSize } = profiles['unixfs-v1-2025'];
const namedAtMost = 10;

/**
 * A list of another tool as the content of a dataset. A file of at most one chunk is one raw block, whose CID is its
 * SHA-256; of any other file the bytes are needed.
 */
export async function foreignContent(
  list: ForeignList,
  folder: string | undefined,
  options: HashOptions,
): Promise<ForeignContent> {
  // A list from a stranger must not lead out of the folder.
  checkPaths(list.files);
  const files = list.files.toSorted((a, b) => byteOrder(a.path, b.path));
  const seen = await inBatches(files, (file) => described(file, folder));
  const lacking = seen.flatMap((each, i) =>
    typeof each === 'string' ? [`${escapeText(files[i]?.path ?? '')} (${each})`] : [],
  );
  if (lacking.length > 0) throw needsBytes(list, lacking);
  const found = seen as readonly Exclude<(typeof seen)[number], string>[];
  const toHash = found.flatMap((each, i) => ('location' in each ? [i] : []));
  const hashed = await digestPaths(
    toHash.map((i) => files[i]?.path ?? ''),
    toHash.map((i) => (found[i] as { location: string }).location),
    options,
  );
  const byIndex = new Map(toHash.map((index, i) => [index, hashed[i] as (typeof hashed)[number]]));
  const whole = found.map((each, i) =>
    'location' in each ? entryOf(byIndex.get(i) as Entry) : entryOf(each),
  );
  return {
    ...rootOf(whole),
    profile: 'unixfs-v1-2025',
    totalSize: whole.reduce((sum, { size }) => sum + size, 0),
    files: whole,
    derived: files.length - toHash.length,
    differences: toHash.flatMap((i) => difference(files[i] as ForeignFile, byIndex.get(i) as Entry)),
  };
}

type Entry = DatasetFile;

/** The entry of a file, or where its bytes are, or why it cannot be described. */
async function described(
  { path, size, sha256, location }: ForeignFile,
  folder: string | undefined,
): Promise<Entry | { readonly location: string } | string> {
  if (sha256 !== undefined && size !== undefined && size <= chunkSize) return rawEntry(path, size, sha256);
  for (const place of [location, folder && join(folder, path)]) {
    if (place === undefined) continue;
    const stats = await stat(place).catch(() => undefined);
    if (!stats?.isFile()) continue;
    if (sha256 !== undefined && size === undefined && stats.size <= chunkSize)
      return rawEntry(path, stats.size, sha256);
    return { location: place };
  }
  if (sha256 === undefined) return 'the list has no SHA-256 of it';
  return size === undefined ? 'the list has no size of it' : `${bytes(size)}, more than one chunk`;
}

function rawEntry(path: string, size: number, sha256: string): Entry {
  return entryOf({ path, size, sha256, cid: rawCid(sha256), mediaType: mediaTypeOf(path) });
}

function entryOf(file: Omit<Entry, 'mediaType'> & { mediaType?: string | undefined }): Entry {
  const { path, size, sha256, cid, mediaType } = file;
  return { path, size, sha256, cid, ...(mediaType !== undefined && { mediaType }) };
}

function rootOf(files: readonly Entry[]): { readonly cid: string } {
  return { cid: rootFromFiles(files).cid };
}

function difference(listed: ForeignFile, { size, sha256 }: Entry): ForeignContent['differences'] {
  const { path } = listed;
  if (listed.sha256 !== undefined && listed.sha256 !== sha256)
    return [{ path, message: `expected SHA-256 ${listed.sha256}, got ${sha256}` }];
  if (listed.size !== undefined && listed.size !== size)
    return [{ path, message: `expected ${listed.size} bytes, got ${size}` }];
  return [];
}

function needsBytes({ digest }: ForeignList, lacking: readonly string[]): Misuse {
  const named = lacking.slice(0, namedAtMost);
  if (lacking.length > namedAtMost) named.push(`and ${lacking.length - namedAtMost} more`);
  const instead = digest === 'SHA-256' ? '' : ` (it has ${digest})`;
  return new Misuse(
    `the list does not give the CID of ${lacking.length === 1 ? '1 file' : `${lacking.length} files`}${instead}:\n${named.join('\n')}`,
    `a CID follows from SHA-256 and size up to ${bytes(chunkSize)}; name the folder that has these files with --folder, or missing sizes with --sizes`,
  );
}
