import type { Change, ChangeReport, Problem } from '@holdfast/manifest';
import type { AcceptedManifest } from './accepted-manifest.ts';
import { datasetId } from './dataset-id.ts';
import type { DatasetResult } from './dataset-result.ts';

/** The manifests of a commit, told apart by whether anything may act on them. */
export interface JudgedManifests {
  readonly accepted: readonly AcceptedManifest[];
  /** Of the manifests that the change brought, those that did not pass. */
  readonly refused: readonly DatasetResult[];
  /** Merged earlier and no longer valid, for example because a key was revoked. */
  readonly lapsed: readonly DatasetResult[];
  /** Ids of accepted datasets that the change added or updated. */
  readonly changed: ReadonlySet<string>;
  /** Of what the change brought, keys and policy included. */
  readonly problems: readonly Problem[];
  /** Of what lapsed. */
  readonly lapsedProblems: readonly Problem[];
}

/**
 * Several merges can come in one push, so keys and manifests may change together: each manifest is judged by the keys
 * before the push, so a key that came along helps nobody.
 */
const tolerated: ReadonlySet<string> = new Set(['change/keys-and-manifests']);

/** Tells accepted manifests from refused ones in what `checkChange` or `checkChanges` found with `mode: 'all'`. */
export function acceptManifests({
  changes,
  problems: found,
}: Pick<ChangeReport, 'changes' | 'problems'>): JudgedManifests {
  const accepted = new Map<string, AcceptedManifest>();
  const refused: DatasetResult[] = [];
  const lapsed: DatasetResult[] = [];
  const changed = new Set<string>();
  const lapsedProblems = new Set<Problem>();
  for (const change of changes) {
    if (change.kind === 'keys' || change.kind === 'policy') continue;
    const file = acceptedFile(change);
    const id = file && datasetId(file.manifest.dataset);
    const twin = id === undefined ? undefined : accepted.get(id);
    if (file !== undefined && id !== undefined && twin === undefined) {
      accepted.set(id, file);
      if (change.kind !== 'unchanged') changed.add(id);
    } else if (isTombstone(change)) continue;
    else if (change.kind === 'unchanged') {
      lapsed.push(refusal(change, twin));
      for (const problem of change.problems) lapsedProblems.add(problem);
    } else refused.push(refusal(change, twin));
  }
  const problems = found
    .filter((problem) => !lapsedProblems.has(problem))
    .map((problem) => (tolerated.has(problem.code) ? { ...problem, severity: 'warning' as const } : problem));
  return {
    accepted: [...accepted.values()],
    refused,
    lapsed,
    changed,
    problems,
    lapsedProblems: [...lapsedProblems],
  };
}

function acceptedFile({ path, after, files, trust, problems }: Change): AcceptedManifest | undefined {
  if (after === undefined || files === undefined || trust?.ok !== true || problems.some(isError))
    return undefined;
  return { path, manifest: after.manifest, digest: after.digest, trust, files };
}

/** Merged earlier, with nothing wrong but its signers: it asks for nothing and changes no pin. */
function isTombstone({ kind, after, problems }: Change): boolean {
  return kind === 'unchanged' && after?.manifest.dataset.withdrawn !== undefined && !problems.some(isError);
}

function refusal(
  { kind, path, before, after, problems }: Change,
  twin: AcceptedManifest | undefined,
): DatasetResult {
  const dataset = (after ?? before)?.manifest.dataset;
  const [first, ...others] = problems.filter(isError);
  const why =
    twin === undefined
      ? (first?.message ?? 'it does not verify')
      : `${twin.path} has the same name and version`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const kept =
    kind === 'unchanged' || before !== undefined
      ? '; its pins stay as they are'
      : '; nothing of it was pinned';
  return {
    ...(dataset !== undefined && {
      id: datasetId(dataset),
      cid: dataset.cid,
      tier: dataset.tier,
      size: dataset.totalSize,
    }),
    manifest: path,
    verdict: 'refused',
    reason: `${why}${more}${kept}`,
    todo: first?.hint ?? 'Fix the manifest in a pull request; `holdfast validate` shows what is wrong.',
  };
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
