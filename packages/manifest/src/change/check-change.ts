import type { Problem } from '../problem/problem.ts';
import { hasErrors } from '../problem/problem-draft.ts';
import { loadTrust } from '../trust/load-trust.ts';
import type { Change, ChangeOptions, ChangeReport, RepositoryState } from './change.ts';
import { joinRenames, pairFiles } from './file-pair.ts';
import { inOrder } from './in-order.ts';
import { ManifestChecker } from './manifest-checker.ts';
import { isSameFile, type ManifestFile, ManifestIndex } from './manifest-index.ts';
import { ProblemBudget } from './problem-budget.ts';
import { checkTrustChange } from './trust-change.ts';
import { explainTrust } from './trust-explanation.ts';

/**
 * What is wrong with a change from `base` to `head`. The keys and policy of the base decide: the head cannot approve itself. Without a
 * base, as for the first commit of a repository, those of the head do.
 *
 * @example
 * ```ts
 * const state = { manifests: [{ path: 'manifests/tides-v1.0.0.json', bytes }], trustFiles };
 * const report = await checkChange(state, { ...state, manifests: [] }, { at: new Date(), rootFromFiles });
 * report.problems[0]?.code; // => 'change/deleted'
 * ```
 */
export async function checkChange(
  base: RepositoryState | undefined,
  head: RepositoryState,
  options: ChangeOptions,
): Promise<ChangeReport> {
  const folder = options.publicKeys ?? 'public-keys';
  const { trust, problems: trustProblems } = loadTrust((base ?? head).trustFiles, { folder });
  const pairs = pairFiles(base?.manifests ?? [], head.manifests);
  const trustChange =
    base === undefined
      ? undefined
      : checkTrustChange(base.trustFiles, head.trustFiles, trust, {
          folder,
          at: options.at,
          withManifests: pairs.length > 0,
        });
  const trustChanges = trustChange?.changes ?? [];
  const index = new ManifestIndex(options.mode === 'all' || pairs.length > 0 ? head.manifests : []);
  const checker = new ManifestChecker(base?.manifests ?? [], index, trust, options);
  const budget = new ProblemBudget();
  const manifestChanges: Change[] = [];
  for await (const change of inOrder(joinRenames(pairs, index), (pair) => checker.check(pair)))
    manifestChanges.push(budget.cut(change));
  const unchanged: Change[] = [];
  const same = options.mode === 'all' ? unchangedFiles(base, head) : [];
  for await (const change of inOrder(same, (file) => checker.checkUnchanged(file, 'merged')))
    unchanged.push(budget.cut(change));

  const whole: Problem[] = [];
  const judged = manifestChanges.length > 0 || unchanged.length > 0 || base === undefined;
  if (judged && trustChanges.length === 0) whole.push(...trustProblems);
  const changes = [...trustChanges, ...manifestChanges, ...unchanged];
  const problems = [...whole, ...changes.flatMap((change) => change.problems)];
  const ok = options.strict === true ? problems.length === 0 : !hasErrors(problems);
  if (trustChange === undefined) return { ok, problems, changes, trust };
  const { at, maxBytes } = options;
  const merged = unchangedFiles(base, head);
  const explained = await explainTrust(trust, trustChange.head, merged, { at, maxBytes });
  return { ok, problems, changes, trust, trustChange: explained };
}

function unchangedFiles(base: RepositoryState | undefined, head: RepositoryState): ManifestFile[] {
  const before = new Map(base?.manifests.map((file) => [file.path, file]));
  return head.manifests.filter((file) => {
    const old = before.get(file.path);
    return old !== undefined && isSameFile(old, file);
  });
}
