import { count, escapeText } from '@holdfast/manifest/text';
import type { RolledBack, RolledDataset, RolloutReport, RolloutState } from '@holdfast/pinning';
import type { Paint } from '../frame/paint.ts';

const marks = {
  done: ['green', '✓'],
  paused: ['yellow', '‖'],
  held: ['yellow', '!'],
  unfinished: ['yellow', '!'],
  'rolled-back': ['red', '✗'],
  waiting: ['dim', '·'],
} as const;

type PhaseLine = Pick<RolloutReport['phases'][number], 'phase' | 'places'> & {
  readonly mark: keyof typeof marks;
  readonly says: string;
};

/** One phase below the other, with what became of each. */
function phaseLines(phases: readonly PhaseLine[], paint: Paint): string[] {
  const widest = (of: (phase: PhaseLine) => string) => Math.max(...phases.map((phase) => of(phase).length));
  const nameOf = ({ phase }: PhaseLine) => escapeText(phase);
  const placesOf = ({ places }: PhaseLine) => escapeText(places.join(', '));
  const [names, places] = [widest(nameOf), widest(placesOf)];
  return phases.map((phase, index) => {
    const [colour, mark] = marks[phase.mark];
    const arrow = index === 0 ? ' ' : '↳';
    const head = `${arrow} ${paint[colour](mark)} ${paint.bold(nameOf(phase).padEnd(names))}`;
    return `${head}  ${placesOf(phase).padEnd(places)}  ${phase.says}`.trimEnd();
  });
}

export function startedText({ phases, datasets }: RolloutReport, paint: Paint): string {
  const lines = phases.map((phase): PhaseLine => {
    const { passed, failed, elapsedMs, state } = phase;
    const parts = [
      ...(passed > 0 ? [`${passed} through`] : []),
      ...(failed > 0 ? [`${failed} taken back`] : []),
      ...(state === 'held' ? ['held'] : []),
      ...(state === 'waiting' || elapsedMs < 1_000 ? [] : [`${(elapsedMs / 1_000).toFixed(0)} s`]),
    ];
    return { ...phase, mark: state, says: parts.join(', ') };
  });
  return [
    ...phaseLines(lines, paint),
    ...datasets.map((each) => datasetLine(each, paint)),
    totals(datasets),
  ].join('\n');
}

function datasetLine({ name, cid, outcome, reason, checks }: RolledDataset, paint: Paint): string {
  const [colour, mark] = marks[outcome];
  const head = `${paint[colour](mark)} ${paint.bold(escapeText(name || cid))} ${outcome}: ${escapeText(reason)}`;
  const seen = checks.filter(({ check, ok }) => ok && check !== 'copies');
  return [head, ...seen.map(({ text }) => paint.dim(`    ${escapeText(text)}`))].join('\n');
}

function totals(datasets: readonly RolledDataset[]): string {
  const of = (outcome: RolledDataset['outcome']) =>
    datasets.filter((each) => each.outcome === outcome).length;
  const parts = (['paused', 'held', 'unfinished', 'rolled-back'] as const).flatMap((outcome) =>
    of(outcome) > 0 ? [`${of(outcome)} ${outcome}`] : [],
  );
  return [`${count(of('done'), 'dataset')} rolled out`, ...parts].join(', ');
}

interface Standing {
  readonly phases: readonly { readonly phase: string; readonly places: readonly string[] }[];
  readonly datasets: readonly RolloutState[];
}

/** What will be, or where it stands. */
export function standingText({ phases, datasets }: Standing, isPlan: boolean, paint: Paint): string {
  const open = datasets.filter(({ standing }) => standing !== 'whole');
  const shown = isPlan ? open : datasets.filter(({ standing }) => standing === 'rolling');
  const lines = phases.map(({ phase, places }, index): PhaseLine => {
    const here = shown.map((each) => each.phases[index] ?? { wanted: 0, copies: 0 });
    const [wanted, copies] = (['wanted', 'copies'] as const).map((key) =>
      here.reduce((sum, each) => sum + each[key], 0),
    ) as [number, number];
    const isThere = shown.length > 0 && copies >= wanted;
    const says =
      shown.length === 0
        ? ''
        : isPlan
          ? `${count(wanted, 'copy', 'copies')} in all by then, ${copies} now`
          : `${copies} of ${count(wanted, 'copy', 'copies')}`;
    return { phase, places, mark: isThere ? 'done' : 'waiting', says };
  });
  const of = (standing: RolloutState['standing']) =>
    datasets.filter((each) => each.standing === standing).length;
  return [
    ...phaseLines(lines, paint),
    ...shown.map((each) => {
      const at = each.phase === undefined ? 'not begun' : `in phase ${each.phase}`;
      return `· ${paint.bold(escapeText(each.name || each.cid))} ${escapeText(at)}`;
    }),
    `${count(of('whole'), 'dataset')} rolled out, ${of('rolling')} on ${of('rolling') === 1 ? 'its' : 'their'} way, ${of('new')} not begun`,
  ].join('\n');
}

export function abortedText(gone: readonly RolledBack[], paint: Paint): string {
  if (gone.length === 0) return 'no rollout is under way';
  return [
    ...gone.map(({ ids, ok, reason }) => {
      const [colour, mark] = ok ? marks.done : marks['rolled-back'];
      const word = ok ? 'taken back' : 'not taken back';
      return `${paint[colour](mark)} ${paint.bold(escapeText(ids.join(', ')))} ${word}: ${escapeText(reason)}`;
    }),
    `${count(gone.filter(({ ok }) => ok).length, 'rollout')} taken back`,
  ].join('\n');
}
