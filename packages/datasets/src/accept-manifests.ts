import type { Change, ChangeReport, Problem } from '@holdfast/manifest';
import type { DatasetResult } from './dataset-result.ts';
import { type AcceptedManifest, datasetId } from './desired.ts';

/** The manifests at a commit, told apart by whether they may be acted on. */
export interface Judged {
  readonly accepted: readonly AcceptedManifest[];
  readonly refused: readonly DatasetResult[];
  /** Ids that the push changed; of all where everything was asked for. */
  readonly changed: ReadonlySet<string>;
  /** Merged earlier and not to be verified any more, for example because a key was revoked. */
  readonly lapsed: readonly DatasetResult[];
  /** Of what the push brought, of keys and policy. */
  readonly problems: readonly Problem[];
  /** Of what lapsed. */
  readonly lapsedProblems: readonly Problem[];
}

/**
 * Several merges can come in one push, so keys and manifests may change together: each manifest is judged by the keys
 * before, so nothing rides on a key that came along, and what else is right with it holds.
 */
const tolerated: ReadonlySet<string> = new Set(['change/keys-and-manifests']);

export function judge(report: ChangeReport): Judged {
  const accepted = new Map<string, AcceptedManifest>();
  const refused: DatasetResult[] = [];
  const lapsed: DatasetResult[] = [];
  const changed = new Set<string>();
  const silenced = new Set<Problem>();
  for (const change of report.changes) {
    if (change.kind === 'keys' || change.kind === 'policy') continue;
    const { after, trust } = change;
    const id = after === undefined ? undefined : datasetId(after.manifest.dataset);
    const faults = change.problems.filter((problem) => problem.severity === 'error');
    const twin = id === undefined ? undefined : accepted.get(id);
    if (after === undefined || trust?.ok !== true || faults.length > 0 || twin !== undefined) {
      const result = refusal(change, id, faults, twin);
      if (change.kind === 'unchanged') {
        lapsed.push(result);
        for (const problem of change.problems) silenced.add(problem);
      } else refused.push(result);
      continue;
    }
    if (change.kind !== 'unchanged') changed.add(id ?? '');
    accepted.set(id ?? '', { path: change.path, manifest: after.manifest, digest: after.digest, trust });
  }
  const problems = report.problems
    .filter((problem) => !silenced.has(problem))
    .map((problem) => (tolerated.has(problem.code) ? { ...problem, severity: 'warning' as const } : problem));
  return {
    accepted: [...accepted.values()],
    refused,
    lapsed,
    changed,
    problems,
    lapsedProblems: [...silenced],
  };
}

function refusal(
  { kind, path, before, after }: Change,
  id: string | undefined,
  faults: readonly Problem[],
  twin: AcceptedManifest | undefined,
): DatasetResult {
  const dataset = (after ?? before)?.manifest.dataset;
  const known = id ?? (dataset === undefined ? undefined : datasetId(dataset));
  const why =
    twin === undefined
      ? (faults[0]?.message ?? 'it does not verify')
      : `${twin.path} has the same name and version`;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const kept =
    kind === 'unchanged' || before !== undefined
      ? '; its pins stay as they are'
      : '; nothing of it was pinned';
  return {
    ...(known !== undefined && { id: known }),
    ...(dataset !== undefined && { cid: dataset.cid, tier: dataset.tier, size: dataset.totalSize }),
    manifest: path,
    verdict: 'refused',
    reason: `${why}${more}${kept}`,
    todo: faults[0]?.hint ?? 'Mend the manifest in a pull request; `holdfast validate` shows what is wrong.',
  };
}
