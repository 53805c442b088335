import type { Problem } from '@holdfast/manifest';
import { globMatcher, patternFaults } from '@holdfast/manifest/internal';
import { type ObjectSource, present } from '../objects/object-source.ts';
import { type ListedFile, listFiles } from './file-listing.ts';
import { globBases, plainFolder } from './glob-base.ts';
import { placementProblem } from './placement-problem.ts';

export interface SnapshotOptions {
  /** Patterns of the manifests' paths; `manifests/**\/*.json` where nothing else is said. */
  readonly manifests?: readonly string[];
  /** The folder of keys and policy; `public-keys` where nothing else is said. */
  readonly publicKeys?: string;
}

export interface SnapshotFile {
  readonly path: string;
  readonly id: string;
  readonly size: number;
}

export interface TrustSnapshotFile extends SnapshotFile {
  /** A link or a submodule stands here. It is kept in the list, so that a policy never vanishes by becoming a link. */
  readonly unreadable?: true;
}

/** What a commit has of manifests, keys and policy: names and sizes, no contents yet. */
export interface Snapshot {
  readonly commit: string;
  readonly manifests: readonly SnapshotFile[];
  /** Paths are relative to the folder of keys. */
  readonly trustFiles: readonly TrustSnapshotFile[];
  /** Symlinks, submodules, executables and names that nobody should have to look at. */
  readonly problems: readonly Problem[];
}

export const defaultManifests: readonly string[] = ['manifests/**/*.json'];
export const defaultPublicKeys = 'public-keys';

/** Reads Git objects alone: no checkout is needed and none is looked at. */
export async function readSnapshot(
  source: ObjectSource,
  commit: string,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const { manifests: patterns = defaultManifests, publicKeys = defaultPublicKeys } = options;
  assertPatterns(patterns);
  const folder = plainFolder(publicKeys);
  const bases = globBases(patterns);
  const listed = await listFiles(source, commit, [...bases, folder]);
  const isManifest = globMatcher(patterns);
  const manifests: ListedFile[] = [];
  const trustFiles: ListedFile[] = [];
  const problems: Problem[] = [];
  for (const file of listed) {
    const trust = file.path.startsWith(`${folder}/`);
    const inTheWay = standsInTheWay(file.path, [...bases, folder]);
    if (!trust && !inTheWay && !isManifest(file.path) && !file.odd) continue;
    const problem = placementProblem(file, { inTheWay: inTheWay && !isManifest(file.path) });
    if (problem !== undefined) problems.push(problem);
    if (trust) trustFiles.push({ ...file, path: file.path.slice(folder.length + 1) });
    else if (problem === undefined) manifests.push(file);
  }
  const [sizedManifests, sizedTrust] = await Promise.all([
    Promise.all(manifests.map((file) => sized(source, file))),
    Promise.all(trustFiles.map((file) => (isFile(file) ? sized(source, file) : unreadable(file)))),
  ]);
  return { commit, manifests: sizedManifests, trustFiles: sizedTrust, problems };
}

/** Patterns that nothing can match would pass every change without a word. */
function assertPatterns(patterns: readonly string[]): void {
  const [fault] = patternFaults(patterns).filter(({ narrow }) => !narrow);
  if (fault !== undefined) throw new TypeError(`manifests: ${fault.message}`);
  if (patterns.length === 0) throw new TypeError('manifests: expected at least one pattern');
}

function standsInTheWay(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => folder === path || folder.startsWith(`${path}/`));
}

function isFile({ mode, odd }: ListedFile): boolean {
  return (mode === '100644' || mode === '100755') && !odd;
}

function unreadable({ path, id }: ListedFile): TrustSnapshotFile {
  return { path, id, size: 0, unreadable: true };
}

async function sized(source: ObjectSource, { path, id }: ListedFile): Promise<SnapshotFile> {
  return { path, id, size: present(await source.blobSize(id), `${path} (blob ${id})`) };
}
