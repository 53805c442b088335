import { globMatcher, type Problem } from '@holdfast/manifest';
import { type ListedFile, listFiles } from './file-listing.ts';
import { globBases } from './glob-base.ts';
import { type ObjectSource, present } from './object-source.ts';
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

/** What a commit has of manifests, keys and policy: names and sizes, no contents yet. */
export interface Snapshot {
  readonly commit: string;
  readonly manifests: readonly SnapshotFile[];
  /** Paths are relative to the folder of keys. */
  readonly trustFiles: readonly SnapshotFile[];
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
  const folder = publicKeys.replace(/\/+$/, '');
  const bases = globBases(patterns);
  const listed = await listFiles(source, commit, [...bases, folder]);
  const isManifest = globMatcher(patterns);
  const manifests: ListedFile[] = [];
  const trustFiles: ListedFile[] = [];
  const problems: Problem[] = [];
  for (const file of listed) {
    const trust = file.path.startsWith(`${folder}/`);
    const inTheWay = [...bases, folder].some(
      (base) => base === file.path || base.startsWith(`${file.path}/`),
    );
    if (!trust && !inTheWay && !isManifest(file.path) && !file.odd) continue;
    const problem = placementProblem(file, { inTheWay: inTheWay && !isManifest(file.path) });
    if (problem !== undefined) problems.push(problem);
    else if (trust) trustFiles.push({ ...file, path: file.path.slice(folder.length + 1) });
    else manifests.push(file);
  }
  const [sizedManifests, sizedTrust] = await Promise.all([
    withSizes(source, manifests),
    withSizes(source, trustFiles),
  ]);
  return { commit, manifests: sizedManifests, trustFiles: sizedTrust, problems };
}

async function withSizes(source: ObjectSource, files: readonly ListedFile[]): Promise<SnapshotFile[]> {
  const sized = await Promise.all(
    files.map(async ({ path, id }) => ({
      path,
      id,
      size: present(await source.blobSize(id), `${path} (blob ${id})`),
    })),
  );
  return sized.sort((a, b) => (a.path < b.path ? -1 : 1));
}
