import { bytes, count, escapeText, range } from '@holdfast/manifest/text';
import { type CidResult, isChange, type Outcome, type Plan, type Step, summarize } from '@holdfast/pinning';
import type { Paint } from '../frame/paint.ts';

const marks = { satisfied: '✓', degraded: '!', failed: '✗' } as const;

export function outcomeMark(outcome: Outcome, paint: Paint): string {
  const colour = { satisfied: paint.green, degraded: paint.yellow, failed: paint.red }[outcome];
  return colour(marks[outcome]);
}

/** The steps that change something, with their cost. */
export function planText(plan: Plan, paint: Paint): string {
  const changes = plan.steps.filter(
    (step) => isChange(step) || step.kind === 'conflict' || step.kind === 'expired',
  );
  // What status calls degraded is never among what is kept.
  const waiting = plan.steps.filter((step) => step.missing !== undefined && !changes.includes(step));
  const kept = plan.steps.length - changes.length - waiting.length;
  const { adds, bytes: added } = summarize(plan);
  const cost = adds > 0 ? `: ${count(adds, 'new copy', 'new copies')}, about ${bytes(added)}` : '';
  return [
    ...changes.map((step) => stepLine(step, paint)),
    ...waiting.map(
      ({ name, missing = '' }) =>
        `  ${paint.yellow('wait')} ${paint.bold(escapeText(name))}: ${escapeText(missing)}`,
    ),
    ...(kept > 0 ? [`  ${paint.dim('keep')} ${count(kept, 'dataset')}`] : []),
    changes.length === 0 && waiting.length > 0
      ? `nothing to do but wait for ${count(waiting.length, 'dataset')}`
      : changes.length === 0
        ? 'nothing to do'
        : `${count(changes.length, 'step')}${cost}`,
  ].join('\n');
}

/** The reason of these steps already reports a shortage of peers. */
const reportsShortage: ReadonlySet<Step['kind']> = new Set(['pin', 'raise', 'top-up']);

function stepLine({ kind, name, reason, shortage }: Step, paint: Paint): string {
  const line = `  ${paint.cyan(kind)} ${paint.bold(escapeText(name))}: ${escapeText(reason)}`;
  if (!shortage || reportsShortage.has(kind)) return line;
  return line + paint.red(` (only ${shortage.fit} of ${shortage.needed} peers can take it)`);
}

export function resultText(result: CidResult, paint: Paint): string {
  const { outcome, name, coverage, reason, step } = result;
  const copies = coverage ? `${coverage.copies} of ${range(coverage.wanted)} copies` : step;
  const regions =
    coverage && coverage.regions.length > 0 ? ` in ${coverage.regions.map(escapeText).join(', ')}` : '';
  const why = outcome === 'satisfied' ? '' : `\n    ${escapeText(reason)}`;
  // Nothing else keeps a copy away that peers were asked for and took.
  const unfound = outcome === 'failed' && result.error === undefined && coverage?.copies === 0;
  const next = unfound
    ? `\n    next, unless a node has the content: holdfast publish FOLDER --manifest ${escapeText(name)}`
    : '';
  return `${outcomeMark(outcome, paint)} ${paint.bold(escapeText(name))} ${outcome}: ${copies}${regions}${why}${next}`;
}

/** With `--quiet`: a line for each dataset that lacks copies. */
export function shortfalls(results: readonly CidResult[]): string {
  return results
    .filter(({ outcome }) => outcome !== 'satisfied')
    .map(({ name, outcome, reason }) => `${escapeText(name)} ${outcome}: ${escapeText(reason)}`)
    .join('\n');
}
