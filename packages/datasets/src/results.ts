import type { ApplyReport, CidResult, Plan } from '@holdfast/pinning';
import { adviceFor } from './advice.ts';
import type { DatasetResult } from './dataset-result.ts';
import type { AcceptedManifest, Desired } from './desired.ts';

/** What is known of a dataset before any target was asked. */
export function describe(id: string, { path, manifest: { dataset }, digest, trust }: AcceptedManifest) {
  return {
    id,
    manifest: path,
    cid: dataset.cid,
    digest,
    tier: dataset.tier,
    size: dataset.totalSize,
    signedBy: trust.signedBy,
  };
}

/** One result for each dataset that the plan was about; several datasets can have one CID. */
export function settledResults(
  report: ApplyReport,
  desired: Desired,
  changed: ReadonlySet<string>,
): DatasetResult[] {
  const settledOnes = report.results.flatMap((result) =>
    result.ids.flatMap((id) => {
      const file = desired.byId.get(id);
      return file === undefined ? [] : [settled(id, file, result)];
    }),
  );
  const told = new Set(settledOnes.map(({ id }) => id));
  const untold = desired.withdrawn.filter((id) => changed.has(id) && !told.has(id));
  return [...settledOnes, ...untold.flatMap((id) => absent(id, desired))];
}

/** Withdrawn, and the target keeps nothing of it for this repository. */
function absent(id: string, desired: Desired): DatasetResult[] {
  const file = desired.byId.get(id);
  if (file === undefined) return [];
  return [{ ...describe(id, file), verdict: 'withdrawn', reason: 'it had no pin here' }];
}

function settled(id: string, file: AcceptedManifest, result: CidResult): DatasetResult {
  const { verdict, error, outcome, reason, step, elapsedMs } = result;
  const known = { ...describe(id, file), step, elapsedMs, reason };
  const withdrawn = file.manifest.dataset.withdrawn !== undefined;
  if (withdrawn && outcome === 'satisfied') {
    const kept = step === 'keep' ? { reason: 'its pins stay as they are, as `on-withdraw` says' } : {};
    return { ...known, ...kept, verdict: 'withdrawn' };
  }
  // No copy is wanted any more: that none is missing does not make it satisfied.
  if (outcome === 'satisfied' && verdict === undefined) return { ...known, verdict: 'ended' };
  const todo = adviceFor(result);
  return {
    ...known,
    verdict: outcome,
    ...(todo !== undefined && { todo }),
    ...(error !== undefined && { error: error.code }),
    ...(verdict !== undefined && {
      wanted: verdict.wanted,
      copies: verdict.copies,
      regions: verdict.regions,
      peers: verdict.peers,
    }),
  };
}

/** What a dry run says of each dataset. */
export function plannedResults(plan: Plan, desired: Desired): DatasetResult[] {
  return plan.steps.flatMap(({ ids, kind, reason, wanted, had }) =>
    ids.flatMap((id) => {
      const file = desired.byId.get(id);
      if (file === undefined) return [];
      const copies = wanted === undefined ? {} : { wanted, copies: had.copies };
      return [{ ...describe(id, file), verdict: 'planned' as const, step: kind, reason, ...copies }];
    }),
  );
}
