import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPaths } from '../dag/paths.ts';
import { type ProfileName, profiles } from '../profile.ts';
import { type RootFile, rootFromFiles } from '../root.ts';
import { digestPaths, type FileHash, type HashOptions } from './hash-folder.ts';
import { walk } from './walk.ts';

/** What a manifest says of a folder. A `Dataset` of @holdfast/manifest is one. */
export interface ListedFolder {
  readonly cid: string;
  readonly profile: ProfileName | 'custom';
  readonly files: readonly (RootFile & { readonly sha256: string })[];
}

export interface FileDifference {
  readonly path: string;
  readonly expected: { readonly size: number; readonly sha256: string; readonly cid: string };
  readonly actual: { readonly size: number; readonly sha256: string; readonly cid: string };
}

export interface FolderVerdict {
  readonly ok: boolean;
  /** In the list and not in the folder. */
  readonly missing: readonly string[];
  /** In the folder and not in the list, nor left out by the ignore file. */
  readonly extra: readonly string[];
  readonly changed: readonly FileDifference[];
  /** What the list comes to, where that is not the CID it is listed under. */
  readonly root?: string;
}

/** Compares a folder with what a manifest says of it, by reading every listed file: what is remembered proves nothing. */
export async function verifyFolder(
  folder: string,
  listed: ListedFolder | { readonly dataset: ListedFolder },
  options: Omit<HashOptions, 'profile' | 'cache'> = {},
): Promise<FolderVerdict> {
  const dataset = 'dataset' in listed ? listed.dataset : listed;
  // A list from a stranger must not lead out of the folder.
  checkPaths(dataset.files);
  const base = (await stat(folder).catch(() => undefined))?.isFile() === true ? undefined : folder;
  const paths = dataset.files.map(({ path }) => path);
  const found = base === undefined ? paths : (await walk(base, { ...options, keep: new Set(paths) })).files;
  const there = new Set(found);
  const present = dataset.files.filter(({ path }) => there.has(path));
  const locations = present.map(({ path }) => (base === undefined ? folder : join(base, path)));
  const profile = dataset.profile === 'custom' ? undefined : profiles[dataset.profile];
  const hashes = await digestPaths(
    present.map(({ path }) => path),
    locations,
    { ...options, ...(profile === undefined ? {} : { profile: profile.name }) },
  );

  const changed = present.flatMap((expected, i) =>
    difference(expected, hashes[i] as FileHash, profile !== undefined),
  );
  const listedPaths = new Set(paths);
  const missing = paths.filter((path) => !there.has(path));
  const extra = found.filter((path) => !listedPaths.has(path));
  const root = profile === undefined ? undefined : otherRoot(dataset, profile.name);
  const ok = missing.length === 0 && extra.length === 0 && changed.length === 0 && root === undefined;
  return { ok, missing, extra, changed, ...(root === undefined ? {} : { root }) };
}

function difference(
  { path, size, sha256, cid }: ListedFolder['files'][number],
  actual: FileHash,
  compareCids: boolean,
): FileDifference[] {
  if (size === actual.size && sha256 === actual.sha256 && (!compareCids || cid === actual.cid)) return [];
  return [
    {
      path,
      expected: { size, sha256, cid },
      actual: { size: actual.size, sha256: actual.sha256, cid: actual.cid },
    },
  ];
}

function otherRoot({ cid, files }: ListedFolder, profile: ProfileName): string | undefined {
  const [only] = files;
  if (files.length === 1 && only?.cid === cid) return undefined;
  const root = rootFromFiles(files, profile).cid;
  return root === cid ? undefined : root;
}
