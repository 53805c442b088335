import type { ApplyReport, CidResult, Plan } from '@holdfast/pinning';
import type { AcceptedManifest } from './accepted-manifest.ts';
import { adviceFor } from './advice.ts';
import { datasetOfPin } from './dataset-id.ts';
import { type DatasetResult, describeDataset } from './dataset-result.ts';
import type { Desired } from './desired.ts';
import type { DatasetVerdict } from './verdict.ts';

export interface AppliedResultsOptions {
  /** Ids that the change added or updated; of others, a withdrawal without a pin is no news. */
  readonly changed: ReadonlySet<string>;
  /** What `applyPlan` waited for. Default: `min`. */
  readonly wait?: 'min' | 'max' | 'none' | undefined;
}

/** How each dataset of an applied plan came out; several datasets can have one CID. */
export function appliedResults(
  report: Pick<ApplyReport, 'results'>,
  desired: Desired,
  { changed, wait }: AppliedResultsOptions,
): DatasetResult[] {
  const results = withLists(
    report.results.flatMap((result) =>
      eachPin(result.ids, desired, (id, file) => appliedResult(id, file, result)),
    ),
  );
  const reported = new Set(results.map(({ id }) => id));
  const unpinned = desired.withdrawn.filter((id) => changed.has(id) && !reported.has(id));
  const withdrawn = each(unpinned, desired, (id, file) => ({
    ...describeDataset(id, file),
    verdict: 'withdrawn' as const,
    reason: 'it had no pin here',
  }));
  const all = [...results, ...withdrawn];
  return wait === 'none' ? all.map(withoutWait) : all;
}

function appliedResult(id: string, file: AcceptedManifest, result: CidResult): DatasetResult {
  const { coverage, error, outcome, reason, step, elapsedMs } = result;
  const known = { ...describeDataset(id, file), step, elapsedMs, reason };
  const withdrawn = file.manifest.dataset.withdrawn !== undefined;
  if (withdrawn && outcome === 'satisfied') {
    const kept = step === 'keep' ? { reason: 'its pins stay as they are, as `on-withdraw` says' } : {};
    return { ...known, ...kept, verdict: 'withdrawn' };
  }
  // No copy is wanted any more, so that none is missing does not make it satisfied.
  if (outcome === 'satisfied' && coverage === undefined) return { ...known, verdict: 'ended' };
  const todo = adviceFor(result);
  return {
    ...known,
    verdict: outcome,
    ...(todo !== undefined && { todo }),
    ...(error !== undefined && { error: error.code }),
    ...(coverage !== undefined && {
      wanted: coverage.wanted,
      copies: coverage.copies,
      regions: coverage.regions,
      peers: coverage.peers,
    }),
  };
}

/** Without a wait, copies that are on their way are neither there nor missing. */
function withoutWait(result: DatasetResult): DatasetResult {
  const open = (result.peers ?? []).some(({ state }) => state === 'queued' || state === 'pinning');
  const short = result.verdict === 'degraded' || result.verdict === 'failed';
  if (!short || !open || result.error !== undefined) return result;
  const { todo: _, ...rest } = result;
  return { ...rest, verdict: 'accepted' };
}

/** What a dry run says of each dataset. */
export function plannedResults(plan: Plan, desired: Desired): DatasetResult[] {
  return withLists(
    plan.steps.flatMap(({ ids, kind, reason, wanted, had }) => {
      const copies = wanted === undefined ? {} : { wanted, copies: had.copies };
      return eachPin(ids, desired, (id, file) => ({
        ...describeDataset(id, file),
        verdict: 'planned' as const,
        step: kind,
        reason,
        ...copies,
      }));
    }),
  );
}

/** One failed result for each dataset, where nothing could be asked of the target. */
export function failedResults(
  ids: Iterable<string>,
  desired: Desired,
  failure: { readonly message: string; readonly todo: string },
): DatasetResult[] {
  return each(ids, desired, (id, file) => ({
    ...describeDataset(id, file),
    verdict: 'failed' as const,
    reason: failure.message,
    todo: failure.todo,
  }));
}

/** The result of a pin: of a dataset's content, or of its file list. */
interface PinResult {
  readonly isList: boolean;
  readonly result: DatasetResult;
}

function eachPin(
  pins: Iterable<string>,
  desired: Desired,
  result: (id: string, file: AcceptedManifest) => DatasetResult,
): PinResult[] {
  return [...pins].flatMap((pin) => {
    const id = datasetOfPin(pin);
    return each([id], desired, result).map((one) => ({ isList: id !== pin, result: one }));
  });
}

/** One result a dataset: that of its content, unless its file list came out worse. */
function withLists(pins: readonly PinResult[]): DatasetResult[] {
  const lists = new Map(pins.flatMap(({ isList, result }) => (isList ? [[result.id, result]] : [])));
  const results = pins.flatMap(({ isList, result }) => {
    if (isList) return [];
    const list = lists.get(result.id);
    lists.delete(result.id);
    return [list !== undefined && isWorse(list, result) ? ofList(list, result) : result];
  });
  return [...results, ...Array.from(lists.values(), (list) => ofList(list, list))];
}

const severity: readonly DatasetVerdict[] = ['satisfied', 'accepted', 'degraded', 'failed'];

function isWorse(list: DatasetResult, content: DatasetResult): boolean {
  return severity.indexOf(list.verdict) > severity.indexOf(content.verdict) || isOnlyWork(list, content);
}

/** A plan that has nothing to do for the content, and something for the list. */
function isOnlyWork(list: DatasetResult, content: DatasetResult): boolean {
  return content.verdict === 'planned' && content.step === 'keep' && list.step !== 'keep';
}

function ofList({ reason, ...list }: DatasetResult, { cid, size }: DatasetResult): DatasetResult {
  return {
    ...list,
    ...(cid !== undefined && { cid }),
    ...(size !== undefined && { size }),
    reason: `its file list: ${reason}`,
  };
}

function each(
  ids: Iterable<string>,
  { byId }: Desired,
  result: (id: string, file: AcceptedManifest) => DatasetResult,
): DatasetResult[] {
  return [...ids].flatMap((id) => {
    const file = byId.get(id);
    return file === undefined ? [] : [result(id, file)];
  });
}
