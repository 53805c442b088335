import { datasetOfPin } from '@holdfast/datasets';
import { hasErrors } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import {
  type PinTarget,
  type RolledDataset,
  type RolloutEvent,
  type RolloutState,
  rollBack,
  rollOut,
  rolloutState,
} from '@holdfast/pinning';
import { listsOf } from '../content/find-list.ts';
import { defineCommand, type Report, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { actionOf } from '../frame/word-action.ts';
import { isKept, openDueNames } from '../names/due-names.ts';
import { nameText } from '../names/name-text.ts';
import { desiredDatasets, ownerOf } from '../pinning/desired-datasets.ts';
import { tell, withTarget } from '../pinning/pin-run.ts';
import { seedOf } from '../pinning/prove-flags.ts';
import type { Choice } from '../pinning/target-kind.ts';
import { type RolloutFlags, rolloutFlags, rolloutTerms } from '../rollout/rollout-flags.ts';
import { abortedText, standingText, startedText } from '../rollout/rollout-text.ts';

/** What one word after `holdfast rollout` does. */
type RolloutAction = (
  operands: readonly string[],
  flags: RolloutFlags,
  at: { readonly target: PinTarget; readonly choice: Choice },
  tools: Tools,
) => Promise<Report>;

const look =
  (action: 'plan' | 'status'): RolloutAction =>
  async (operands, flags, { target, choice }, tools) => {
    const { phases } = await rolloutTerms(flags, choice, tools);
    const desired = await desiredDatasets(
      operands,
      flags,
      { target, findList: listsOf({ target }, tools) },
      tools,
    );
    const { owner, requests, problems, sources } = desired;
    const found = await known(() => rolloutState(requests, target, { owner, phases, signal: tools.signal }));
    return {
      exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
      result: {
        action,
        target: target.label,
        owner,
        phases: found.phases,
        datasets: found.datasets.map(stateShape),
      },
      problems,
      sources,
      quiet: found.datasets
        .filter(({ standing }) => standing === 'rolling')
        .map(({ name, phase = '' }) => `${escapeText(name)} in phase ${escapeText(phase)}`)
        .join('\n'),
      text: (paint) => standingText(found, action === 'plan', paint),
    };
  };

const start: RolloutAction = async (operands, flags, { target, choice }, tools) => {
  const { verify, ...terms } = await rolloutTerms(flags, choice, tools);
  const desired = await desiredDatasets(
    operands,
    flags,
    { target, findList: listsOf({ target }, tools) },
    tools,
  );
  const { owner, requests, problems, sources, commit } = desired;
  // Before the copies, which may take long: a key that cannot be opened is said at once.
  const names = operands.length === 0 ? await openDueNames(desired, flags, tools) : undefined;
  const { phaseVerifier } = await import('@holdfast/datasets/proof');
  const report = await known(() =>
    rollOut(requests, target, {
      ...terms,
      owner,
      together: datasetOfPin,
      verify: phaseVerifier({ ...verify, seed: seedOf(commit, tools.clock()) }),
      signal: tools.signal,
      onProgress: (event) => tell(event, tools),
      onPhase: (event) => tellPhase(event, tools),
    }),
  );
  const followed =
    (await names?.follow(
      report.datasets.map(({ id, outcome, coverage }) => ({
        ids: [id],
        outcome: outcome === 'done' && coverage?.outcome === 'satisfied' ? 'satisfied' : 'degraded',
      })),
    )) ?? [];
  const isWell = report.outcome === 'done' || report.outcome === 'paused';
  return {
    exitCode: isWell && !hasErrors(problems) && followed.every(isKept) ? exitCode.ok : exitCode.problems,
    result: {
      action: 'start',
      target: target.label,
      owner,
      outcome: report.outcome,
      phases: report.phases,
      datasets: report.datasets.map(rolledShape),
      names: followed,
    },
    problems,
    sources,
    quiet: report.datasets
      .filter(({ outcome }) => outcome !== 'done' && outcome !== 'paused')
      .map(({ name, outcome, reason }) => `${escapeText(name)} ${outcome}: ${escapeText(reason)}`)
      .join('\n'),
    text: (paint) =>
      [startedText(report, paint), ...followed.map((result) => nameText(result, paint))].join('\n'),
  };
};

/** By the ids of versions; all of this owner without any. Whether the commit still has them does not matter. */
const abort: RolloutAction = async (operands, flags, { target, choice }, tools) => {
  const { deadlineMs, concurrency } = await rolloutTerms(flags, choice, tools);
  const wrong = operands.find((id) => !/^[^\s@/]+@[^\s@/]+$/.test(id));
  if (wrong !== undefined)
    throw new Misuse(
      `rollout abort takes versions such as tides@2.0.0, not "${escapeText(wrong)}"`,
      'holdfast rollout status shows those on their way; without operands, all of them are taken back',
    );
  const owner = await ownerOf(target, flags, tools);
  const ids = operands.length > 0 ? operands : undefined;
  const options = { owner, ids, deadlineMs, concurrency, signal: tools.signal };
  const gone = await rollBack(target, {
    ...options,
    together: datasetOfPin,
    onProgress: (event) => tell(event, tools),
  });
  const found = new Set(gone.flatMap((each) => each.ids.map(datasetOfPin)));
  const missing = operands.filter((id) => !found.has(id));
  for (const id of missing) tools.note(`${escapeText(id)} is not on its way: nothing was changed for it`);
  return {
    exitCode: gone.every(({ ok }) => ok) && missing.length === 0 ? exitCode.ok : exitCode.problems,
    result: { action: 'abort', target: target.label, owner, datasets: gone },
    text: (paint) => abortedText(gone, paint),
  };
};

const rolloutActions: Readonly<Record<string, RolloutAction>> = {
  plan: look('plan'),
  start,
  status: look('status'),
  abort,
};

/** Phases come from people: what is wrong with them is said as such. */
async function known<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Misuse(error.message, 'holdfast rollout plan shows the phases');
  }
}

function tellPhase(event: RolloutEvent, tools: Tools): void {
  const { phase } = event;
  if (event.type === 'phase-verifying')
    tools.progress({ phase: `looking at ${phase}`, done: 0, total: event.datasets, unit: 'datasets' });
  if (event.type === 'phase-ended') {
    const failed = event.failed > 0 ? `, ${event.failed} taken back` : '';
    tools.note(`phase ${escapeText(phase)}: ${event.passed} through${failed}`);
  }
  if (event.type === 'rolling-back')
    tools.note(`phase ${escapeText(phase)}: ${event.datasets} failed; what was asked for is given up`);
}

function stateShape({ phase, ...state }: RolloutState) {
  return { ...state, phase: phase ?? null };
}

function rolledShape({ cid, id, name, outcome, phase, reason, coverage, checks }: RolledDataset) {
  return {
    ...{ cid, id, name, outcome, reason, checks },
    phase: phase ?? null,
    copies: coverage?.copies ?? null,
    regions: coverage?.regions ?? [],
  };
}

export const rollout = defineCommand({
  operands: 'plan|start|status|abort [FILE|VERSION…]',
  arity: [1, 10_001],
  flags: rolloutFlags,
  about:
    'Takes new versions out phase by phase: makes the copies of a phase, has them served by the gateways near it and shown by its peers, and goes on. What fails is taken back, and the version before stays as it was; names move last. Where it stands is written in the pins: start, run again, goes on from there. Without operands, start takes every version of the last commit that is not out yet.',
  examples: [
    { about: 'what would happen', command: 'holdfast rollout plan --target all --canary lab' },
    {
      about: 'one target first; look at it, then all',
      command: 'holdfast rollout start --target all --canary lab --until canary',
    },
    { about: 'where it stands', command: 'holdfast rollout status --target all' },
    { about: 'back to the version before', command: 'holdfast rollout abort tides@2.0.0 --target all' },
  ],
  resume:
    'the copies of phases that are through stay; run the same command again to go on, or rollout abort to go back',
  async run({ operands: [word = '', ...rest], flags }, tools) {
    const action = actionOf('rollout', rolloutActions, word);
    return withTarget(flags, tools, (target, choice) => action(rest, flags, { target, choice }, tools));
  },
});
