import { ContentSet, NewBytes } from '@holdfast/manifest/internal';
import {
  isChange,
  type PinTarget,
  type Plan,
  planPins,
  type Step,
  type StepKind,
  type TargetInfo,
} from '@holdfast/pinning';
import { isOwn, planOnTarget } from '@holdfast/pinning/internal';
import { datasetOfPin } from './dataset-id.ts';
import type { Desired } from './desired.ts';

export interface PlanDatasetsOptions {
  readonly at: Date;
  /** What becomes of the pins of withdrawn datasets. Default: `keep`. */
  readonly onWithdraw?: 'keep' | 'unpin' | undefined;
  /** Ids that a push changed: only they are planned, and what earlier merges asked for and never got. Default: all. */
  readonly changed?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlannedDatasets {
  readonly plan: Plan;
  readonly info: TargetInfo;
  /** CIDs that the target keeps for this owner already. */
  readonly own: ReadonlySet<string>;
}

/** What a merge asks for, as opposed to what peers have lost since. */
const asked: ReadonlySet<StepKind> = new Set([
  'pin',
  'raise',
  'lower',
  'extend',
  'update',
  'unpin',
  'release',
]);

/**
 * Desired minus observed. With `changed`, the plan also has what was merged before and never carried out: GitHub drops a
 * waiting run when a newer one comes, so one push may have to do the work of two.
 */
export async function planDatasets(
  desired: Desired,
  target: PinTarget,
  { at, onWithdraw = 'keep', changed, signal }: PlanDatasetsOptions,
): Promise<PlannedDatasets> {
  const { owner, requests, withdrawnPins } = desired;
  const { plan, info, observed } = await planOnTarget(requests, target, {
    owner,
    cids: withdrawnPins.map(({ cid }) => cid),
    withdrawn: onWithdraw === 'unpin' ? withdrawnPins.map(({ id }) => id) : [],
    now: () => at,
    ...(signal !== undefined && { signal }),
  });
  const own = new Set(observed.flatMap((state) => (isOwn(state.pin, owner) ? [state.cid] : [])));
  const priced = await countingOnce(plan, desired);
  return { plan: onlySteps(priced, (step) => isOf(step, changed) || asked.has(step.kind)), info, own };
}

/** The plan with the bytes that are new: a file that a dataset with copies there has is not sent again. */
async function countingOnce(plan: Plan, { byId }: Desired): Promise<Plan> {
  const filesOf = ({ ids }: Step) => ids.flatMap((id) => byId.get(id)?.files ?? []);
  const known = plan.steps.filter(({ had }) => had.copies > 0).flatMap(filesOf);
  if (known.length === 0) return plan;
  const there = new ContentSet();
  for (const files of known) await there.addFiles(files);
  const steps: Step[] = [];
  for (const step of plan.steps) {
    const files = step.kind === 'pin' ? filesOf(step) : [];
    if (files.length === 0) {
      steps.push(step);
      continue;
    }
    const fresh = new NewBytes(there);
    for (const each of files) for await (const file of each) fresh.add(file);
    steps.push({ ...step, bytes: step.adds * fresh.bytes });
  }
  return { ...plan, steps };
}

/** The plan for a target that keeps nothing yet. */
export function planEmptyTarget(
  { requests, owner }: Desired,
  { at, changed }: Pick<PlanDatasetsOptions, 'at' | 'changed'>,
): Plan {
  const info: TargetInfo = { kind: 'cluster', peers: [] };
  return onlySteps(planPins(requests, [], { owner, info, at }), (step) => isOf(step, changed));
}

/** The steps that make the target keep for this owner what it did not keep before, whoever else has a pin of it. */
export function newPins({ plan, own }: Pick<PlannedDatasets, 'plan' | 'own'>): Step[] {
  return plan.steps.filter((step) => step.wanted !== undefined && isChange(step) && !own.has(step.cid));
}

/** The plan without the steps of some CIDs. */
export function withoutSteps(plan: Plan, cids: ReadonlySet<string>): Plan {
  return onlySteps(plan, ({ cid }) => !cids.has(cid));
}

function isOf({ ids }: Step, changed: ReadonlySet<string> | undefined): boolean {
  return changed === undefined || ids.some((id) => changed.has(datasetOfPin(id)));
}

function onlySteps(plan: Plan, holds: (step: Step) => boolean): Plan {
  return { ...plan, steps: plan.steps.filter(holds) };
}
