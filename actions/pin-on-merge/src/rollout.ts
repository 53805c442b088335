import {
  appliedResults,
  type DatasetResult,
  type Desired,
  datasetName,
  datasetOfPin,
} from '@holdfast/datasets';
import type { PhaseGateway } from '@holdfast/datasets/proof';
import type { Clock } from '@holdfast/http';
import type { RolloutRules } from '@holdfast/manifest/internal';
import {
  type CidResult,
  type PinningEvent,
  type PinTarget,
  type Plan,
  type RolledDataset,
  type RolloutOutcome,
  type RolloutReport,
  rollOut,
  rolloutState,
} from '@holdfast/pinning';

/** How new versions go out: what the targets file says, and who has to serve them. */
export interface RolloutPort {
  readonly rules: RolloutRules;
  readonly gateways: readonly PhaseGateway[];
}

/** What the page shows of a rollout: all of it, or the phases of one that is to come. */
export interface ShownRollout {
  readonly phases: readonly (Pick<RolloutReport['phases'][number], 'phase' | 'places'> &
    Partial<RolloutReport['phases'][number]>)[];
  readonly outcome?: RolloutReport['outcome'];
  readonly datasets: readonly Omit<RolledDataset, 'coverage'>[];
}

export interface RolloutRun {
  readonly owner: string;
  readonly prove: 'off' | 'auto' | 'require';
  /** Of the run, and its time: what the draws come from. */
  readonly commit: string;
  readonly leftMs: number;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly onProgress: (event: PinningEvent) => void;
}

export interface RolledOut {
  readonly shown: ShownRollout;
  readonly results: readonly CidResult[];
  /** What became of each dataset. */
  readonly outcomes: ReadonlyMap<string, RolloutOutcome>;
  /** What is left of the plan. The version before one that is not out is not taken away. */
  readonly rest: Plan;
}

/** The phases, for a run that changes nothing. */
export async function rolloutPhases(
  target: PinTarget,
  { rules }: RolloutPort,
  { owner, signal }: Pick<RolloutRun, 'owner' | 'signal'>,
): Promise<ShownRollout> {
  const { phases } = await rolloutState([], target, { owner, phases: rules.phases, signal });
  return { phases, datasets: [] };
}

/** Takes those out that a plan is about and that are not out yet. */
export async function rollOutDatasets(
  { plan, desired, target }: { readonly plan: Plan; readonly desired: Desired; readonly target: PinTarget },
  { rules, gateways }: RolloutPort,
  run: RolloutRun,
): Promise<RolledOut | undefined> {
  const { owner, commit, clock, signal, log } = run;
  const { phases, until, blocks, p95Ms, settleSeconds, phaseMinutes = 60, prove = run.prove } = rules;
  const planned = new Set(plan.steps.flatMap(({ cid, wanted }) => (wanted === undefined ? [] : [cid])));
  const inPlan = desired.requests.filter(({ cid }) => planned.has(cid));
  const { datasets } = await rolloutState(inPlan, target, { owner, phases, signal });
  const open = new Set(datasets.flatMap(({ id, standing }) => (standing === 'whole' ? [] : [id])));
  const requests = inPlan.filter(({ id }) => open.has(id));
  if (requests.length === 0) return undefined;
  const { phaseVerifier } = await import('./proof.ts');
  const settleMs = settleSeconds === undefined ? undefined : settleSeconds * 1_000;
  const seed = `${commit} ${new Date(clock.now()).toISOString()}`;
  const report = await rollOut(requests, target, {
    ...{ owner, phases, until, clock, signal },
    phaseMs: phaseMinutes * 60_000,
    together: datasetOfPin,
    verify: phaseVerifier({ blocks, p95Ms, settleMs, prove, gateways, seed, clock }),
    deadlineMs: run.leftMs,
    concurrency: run.concurrency,
    random: run.random,
    onProgress: run.onProgress,
    onPhase(event) {
      if (event.type === 'phase-started') log(`Phase ${event.phase}: ${event.datasets} to make`);
      if (event.type === 'phase-ended')
        log(`Phase ${event.phase}: ${event.passed} through, ${event.failed} taken back`);
    },
  });
  const ofRollout = new Set(requests.map(({ cid }) => cid));
  const late = new Set(
    report.datasets.flatMap(({ id, outcome }) => (outcome === 'done' ? [] : [datasetName(id)])),
  );
  const steps = plan.steps.filter(
    ({ cid, wanted, ids }) =>
      !ofRollout.has(cid) && (wanted !== undefined || !ids.some((id) => late.has(datasetName(id)))),
  );
  return {
    shown: { ...report, datasets: report.datasets.map(({ coverage: _, ...each }) => each) },
    results: report.datasets.map((each) => cidResult(each, report.elapsedMs)),
    outcomes: new Map(report.datasets.map(({ id, outcome }) => [datasetOfPin(id), outcome])),
    rest: { ...plan, steps },
  };
}

const todos: Readonly<Partial<Record<RolloutOutcome, string>>> = {
  held: 'See why the places of its next phase cannot take it; the next run goes on from there.',
  unfinished: 'Run again: it goes on where it stopped.',
  'rolled-back':
    'What was out before is as it was. Find out what is wrong with this version, and merge the next one; or run again to try once more.',
};

/** How each dataset of a rollout came out. What stops where it was to stop is neither there nor missing. */
export function rolledResults({ results, outcomes }: RolledOut, desired: Desired): DatasetResult[] {
  return appliedResults({ results }, desired, { changed: new Set() }).map((result) => {
    const outcome = outcomes.get(result.id ?? '');
    const { todo, ...rest } = result;
    if (outcome === 'paused') return { ...rest, verdict: 'accepted' };
    const advice = (outcome && todos[outcome]) ?? todo;
    return { ...rest, ...(advice !== undefined && { todo: advice }) };
  });
}

function cidResult(
  { cid, id, name, outcome, reason, coverage }: RolledDataset,
  elapsedMs: number,
): CidResult {
  const base = { cid, ids: [id], name, step: 'pin', reason, elapsedMs } as const;
  if (outcome === 'rolled-back') return { ...base, outcome: 'failed' };
  if (outcome === 'done')
    return { ...base, outcome: coverage?.outcome ?? 'failed', ...(coverage !== undefined && { coverage }) };
  const copies = coverage?.copies ?? 0;
  return {
    ...base,
    outcome: copies > 0 ? 'degraded' : 'failed',
    ...(coverage !== undefined && { coverage }),
  };
}
