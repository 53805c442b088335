import { hasErrors, problem } from '../fault.ts';
import type { Problem } from '../problem.ts';
import { loadTrust } from '../trust/load-trust.ts';
import type { Change, ChangeOptions, ChangeReport, RepositoryState } from './change.ts';
import { ManifestChecker } from './manifest-checker.ts';
import { isSameFile, type ManifestFile, ManifestIndex } from './manifest-index.ts';
import { checkTrustChange } from './trust-change.ts';

/**
 * What a change respects and what not. Trust is the base's: what the head brings cannot vouch for itself. Without a base, as for the
 * first commit of a repository, there is nothing to hold the head to but itself.
 */
export function checkChange(
  base: RepositoryState | undefined,
  head: RepositoryState,
  options: ChangeOptions,
): ChangeReport {
  const folder = options.publicKeys ?? 'public-keys';
  const { trust, problems: trustProblems } = loadTrust((base ?? head).trustFiles, { folder });
  const trustChanges =
    base === undefined
      ? []
      : checkTrustChange(base.trustFiles, head.trustFiles, trust, { folder, at: options.at });
  const pairs = pairFiles(base?.manifests ?? [], head.manifests);
  const added = pairs.some(({ before, after }) => before === undefined || after === undefined);
  const index = new ManifestIndex(added || options.mode === 'all' || pairs.length > 0 ? head.manifests : []);
  const checker = new ManifestChecker(base?.manifests ?? [], index, trust, options);
  const manifestChanges = joinRenames(pairs, index).map((pair) => checker.check(pair));
  const unchanged = options.mode === 'all' ? checkUnchanged(base, head, checker) : [];

  const whole: Problem[] = [];
  if (trustChanges.length > 0 && manifestChanges.length > 0) whole.push(mixed(trustChanges, folder));
  const judged = manifestChanges.length > 0 || unchanged.length > 0 || base === undefined;
  if (judged && trustChanges.length === 0) whole.push(...trustProblems);
  const changes = [...trustChanges, ...manifestChanges, ...unchanged];
  const problems = [...whole, ...changes.flatMap((change) => change.problems)];
  const ok = options.strict === true ? problems.length === 0 : !hasErrors(problems);
  return { ok, problems, changes, trust };
}

export interface FilePair {
  readonly path: string;
  readonly before?: ManifestFile;
  readonly after?: ManifestFile;
  /** The path before, where it is another. */
  readonly from?: string;
}

/** The files that are not the same on both sides, by path. */
function pairFiles(base: readonly ManifestFile[], head: readonly ManifestFile[]): FilePair[] {
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

/** A file that is gone and a new one of the same name and version are one file that moved. */
function joinRenames(pairs: readonly FilePair[], head: ManifestIndex): FilePair[] {
  const gone = new Map<string, FilePair>();
  const identities = new ManifestIndex(
    pairs.flatMap(({ before, after }) => (after === undefined && before ? [before] : [])),
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

function checkUnchanged(
  base: RepositoryState | undefined,
  head: RepositoryState,
  checker: ManifestChecker,
): Change[] {
  const before = new Map(base?.manifests.map((file) => [file.path, file]));
  return head.manifests.flatMap((file) => {
    const old = before.get(file.path);
    return old !== undefined && isSameFile(old, file) ? [checker.checkMerged(file)] : [];
  });
}

function mixed(trustChanges: readonly Change[], folder: string): Problem {
  const message =
    'one change touches public keys and manifests; who may sign is decided before what they signed';
  return problem({ code: 'change/keys-and-manifests', message }, { file: trustChanges[0]?.path ?? folder });
}
