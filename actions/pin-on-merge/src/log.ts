import { type Annotation, bytes, count } from '@holdfast/action-kit';
import { countVerdicts, type DatasetResult, type NameResult, verdictPhrase } from '@holdfast/datasets';
import { type Plan, summarize } from '@holdfast/pinning';
import { countsLine, failedNames, type Report } from './report.ts';

/** A plan in lines: the counts, then each change. */
export function planLines(plan: Plan): string[] {
  const { kinds, adds, bytes: added } = summarize(plan);
  const changes = plan.steps.filter(({ kind }) => kind !== 'keep');
  const kept = kinds.keep ?? 0;
  const parts = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  if (parts.length === 0) return ['Plan: nothing to do'];
  const cost = adds === 0 ? '' : `; adds ${count(adds, 'copy', 'copies')}, ${bytes(added)} in total`;
  return [
    `Plan: ${changes.length === 0 ? `nothing to change, ${kept} to keep` : parts.join(', ')}${cost}`,
    ...changes.map(
      ({ kind, ids, name, reason }) => `  ${kind.padEnd(8)} ${ids.join(', ') || name}: ${reason}`,
    ),
  ];
}

const marks: Readonly<Record<DatasetResult['verdict'], string>> = {
  satisfied: '✓',
  degraded: '⚠',
  failed: '✗',
  refused: '✗',
  blocked: '✗',
  withdrawn: '-',
  ended: '-',
  planned: '·',
  accepted: '…',
};

/** The end of the log: a line for each dataset, then the counts. */
export function resultLines(report: Report): string[] {
  const lines = report.results.flatMap((result) => {
    const { id, manifest, verdict, reason, todo, elapsedMs } = result;
    const time =
      elapsedMs === undefined || verdict === 'planned' ? '' : ` (${(elapsedMs / 1000).toFixed(1)} s)`;
    const first = `${marks[verdict]} ${id ?? manifest} ${verdictPhrase[verdict]}: ${reason}${time}`;
    return todo === undefined ? [first] : [first, `    → ${todo}`];
  });
  const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000;
  return [
    ...lines,
    ...nameLines(report),
    `${countsLine(countVerdicts(report.results))} in ${seconds.toFixed(1)} s`,
  ];
}

const nameMarks: Readonly<Record<NameResult['outcome'], string>> = {
  published: '✓',
  renewed: '✓',
  current: '✓',
  due: '·',
  waiting: '…',
  'no-key': '-',
  failed: '✗',
};

function nameLines({ names = [] }: Report): string[] {
  return names.flatMap(({ dataset, name, outcome, reason, todo }) => {
    const first = `${nameMarks[outcome]} name of ${dataset} ${outcome}: ${reason} (${name})`;
    return todo === undefined ? [first] : [first, `    → ${todo}`];
  });
}

/** What made the run red. If nothing at all could be done, one annotation says so instead of one for each dataset. */
export function annotations(report: Report): Annotation[] {
  if (report.failure !== undefined) {
    const { message, todo } = report.failure;
    return [{ level: 'error', title: 'Nothing could be done', message: `${message}. ${todo}` }];
  }
  const found: Annotation[] = report.problems.map(
    ({ severity, code, message, hint, file, line, column }) => ({
      level: severity,
      title: code,
      message: hint === undefined ? message : `${message}. ${hint}`,
      ...(file !== undefined && { file, line, column }),
    }),
  );
  for (const { verdict, id, manifest, reason, todo } of report.results) {
    if (verdict !== 'degraded' && verdict !== 'failed' && verdict !== 'blocked') continue;
    const message = todo === undefined ? reason : `${reason}. ${todo}`;
    found.push({
      level: 'error',
      title: `${id ?? manifest} ${verdictPhrase[verdict]}`,
      message,
      file: manifest,
      line: 1,
    });
  }
  for (const { dataset, reason, todo = '' } of failedNames(report))
    found.push({ level: 'error', title: `name of ${dataset} failed`, message: `${reason}. ${todo}` });
  return found;
}
