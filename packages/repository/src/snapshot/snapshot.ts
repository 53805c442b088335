import type { Problem } from '@holdfast/manifest';
import { fileListPath } from '@holdfast/manifest/files';
import { globMatcher, isFileListPath, patternFaults } from '@holdfast/manifest/internal';
import { type ObjectSource, present } from '../objects/object-source.ts';
import { type ListedFile, listFiles } from './file-listing.ts';
import { globBases, plainFolder } from './glob-base.ts';
import { placementProblem } from './placement-problem.ts';
import type { SnapshotFile } from './snapshot-file.ts';

export interface SnapshotOptions {
  /** Patterns of the manifests' paths. Default: `manifests/**\/*.json`. */
  readonly manifests?: readonly string[] | undefined;
  /** The folder of keys and policy. Default: `public-keys`. */
  readonly publicKeys?: string | undefined;
}

export interface TrustSnapshotFile extends SnapshotFile {
  /** A link or a submodule. It stays in the list: a policy must not vanish by becoming a link. */
  readonly unreadable?: true;
}

/** The manifests, keys and policy of a commit: names and sizes, without contents. */
export interface Snapshot {
  readonly commit: string;
  readonly manifests: readonly SnapshotFile[];
  /** The lists of files beside manifests. */
  readonly lists: readonly SnapshotFile[];
  /** Their paths are relative to the folder of keys. */
  readonly trustFiles: readonly TrustSnapshotFile[];
  /** Links, submodules, executables and unsafe names. */
  readonly problems: readonly Problem[];
}

export const defaultManifests: readonly string[] = ['manifests/**/*.json'];
export const defaultPublicKeys = 'public-keys';

/** Lists the manifests, keys and policy of a commit. Reads Git objects only: no checkout is needed, and none is read. */
export async function readSnapshot(
  source: ObjectSource,
  commit: string,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const { manifests: patterns = defaultManifests, publicKeys = defaultPublicKeys } = options;
  assertPatterns(patterns);
  const folder = plainFolder(publicKeys);
  const bases = globBases(patterns);
  const besideBases = bases.filter((base) => base.endsWith('.json')).map(fileListPath);
  const listed = await listFiles(source, commit, [...bases, ...besideBases, folder]);
  const isManifest = globMatcher(patterns);
  const manifests: ListedFile[] = [];
  const lists = new Map<string, ListedFile>();
  const trustFiles: ListedFile[] = [];
  const problems: Problem[] = [];
  for (const file of listed) {
    const trust = file.path.startsWith(`${folder}/`);
    const inTheWay = standsInTheWay(file.path, [...bases, folder]);
    if (!trust && isFileListPath(file.path)) {
      lists.set(file.path, file);
      continue;
    }
    if (!trust && !inTheWay && !isManifest(file.path) && !file.odd) continue;
    const problem = placementProblem(file, { inTheWay: inTheWay && !isManifest(file.path) });
    if (problem !== undefined) problems.push(problem);
    if (trust) trustFiles.push({ ...file, path: file.path.slice(folder.length + 1) });
    else if (problem === undefined) manifests.push(file);
  }
  // A list without a manifest that matches is no part of a dataset.
  const besideManifests = manifests.flatMap(({ path }) => lists.get(fileListPath(path)) ?? []);
  for (const file of besideManifests) {
    const problem = placementProblem(file, { inTheWay: false });
    if (problem !== undefined) problems.push(problem);
  }
  const sizes = new Map<string, Promise<number>>();
  const sized = async ({ path, id }: ListedFile): Promise<SnapshotFile> => {
    // Many names can be of one blob.
    const size = sizes.get(id) ?? sizeOf(source, path, id);
    sizes.set(id, size);
    return { path, id, size: await size };
  };
  const [sizedManifests, sizedLists, sizedTrust] = await Promise.all([
    Promise.all(manifests.map(sized)),
    Promise.all(besideManifests.filter(isFile).map(sized)),
    Promise.all(trustFiles.map((file) => (isFile(file) ? sized(file) : unreadable(file)))),
  ]);
  return { commit, manifests: sizedManifests, lists: sizedLists, trustFiles: sizedTrust, problems };
}

/** With patterns that match nothing, every change would pass. */
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

async function sizeOf(source: ObjectSource, path: string, id: string): Promise<number> {
  return present(await source.blobSize(id), `${path} (blob ${id})`);
}
