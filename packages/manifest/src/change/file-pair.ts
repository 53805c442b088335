import { isSameFile, type ManifestFile, ManifestIndex } from './manifest-index.ts';

export interface FilePair {
  readonly path: string;
  readonly before?: ManifestFile;
  readonly after?: ManifestFile;
  /** The old path, if it differs. */
  readonly from?: string;
}

/** The files that are not the same on both sides, by path. */
export function pairFiles(base: readonly ManifestFile[], head: readonly ManifestFile[]): FilePair[] {
  const before = new Map(base.map((file) => [file.path, file]));
  const pairs: FilePair[] = [];
  for (const file of head) {
    const old = before.get(file.path);
    before.delete(file.path);
    if (old === undefined) pairs.push({ path: file.path, after: file });
    else if (!isSameFile(old, file)) pairs.push({ path: file.path, before: old, after: file });
  }
  for (const file of before.values()) pairs.push({ path: file.path, before: file });
  return pairs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A removed file and a new one with the same name and version are one file that moved. */
export function joinRenames(pairs: readonly FilePair[], head: ManifestIndex): FilePair[] {
  const gone = new Map<string, FilePair>();
  const identities = new ManifestIndex(
    pairs.flatMap(({ before, after }) => (after === undefined && before ? [before] : [])),
    head.identities,
  );
  for (const pair of pairs) if (pair.after === undefined) gone.set(pair.path, pair);
  const joined = pairs.map((pair) => {
    if (pair.before !== undefined || pair.after === undefined) return pair;
    const [from] = identities.pathsOf(pair.after).filter((path) => gone.has(path));
    const old = from === undefined ? undefined : gone.get(from);
    if (from === undefined || old?.before === undefined || head.pathsOf(pair.after).length > 1) return pair;
    gone.delete(from);
    return { path: pair.path, from, before: old.before, after: pair.after };
  });
  return joined.filter((pair) => pair.after !== undefined || gone.has(pair.path));
}
