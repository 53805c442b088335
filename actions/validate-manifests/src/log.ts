import { bytes, copies, count, type Runner } from '@holdfast/action-kit';
import type { Change, Problem } from '@holdfast/manifest';
import { type TrustExplanation, warningLines } from '@holdfast/manifest/internal';
import { dataLine } from './data-section.ts';
import { checkedManifests, isValid, nameOf, type Report, tally, versionOf } from './report.ts';

/** Everything, in plain lines: the log alone is enough. */
export function printReport(runner: Runner, report: Report): void {
  if (report.head !== undefined) runner.line(comparison(report));
  const left = new Map<string, Problem[]>();
  for (const found of report.problems) push(left, found.file ?? '', found);
  for (const change of report.changes) {
    runner.line(changeLine(change, report.strict));
    printProblems(runner, left.get(change.path) ?? []);
    left.delete(change.path);
  }
  for (const [file, problems] of left) {
    runner.line(
      file === '' ? '✗ the change as a whole' : `${tally(problems).errors > 0 ? '✗' : '!'} ${file}`,
    );
    printProblems(runner, problems);
  }
  printTrustChange(runner, report);
  for (const change of report.data) runner.line(`data: ${dataLine(change)}`);
  for (const note of report.notes) runner.line(`note: ${note}`);
  runner.line(verdict(report));
}

function printTrustChange(runner: Runner, { trustChange }: Report): void {
  if (trustChange === undefined) return;
  for (const line of warningLines(trustChange)) runner.line(`! ${line}`);
  for (const line of trustChange.lines) runner.line(`  ${line}`);
}

function comparison({ base, head = '', all }: Report): string {
  const short = (id: string) => id.slice(0, 12);
  if (all) return `Checking ${short(head)}`;
  return base === undefined
    ? `Checking ${short(head)}, the first commit of its branch`
    : `Comparing ${short(head)} with ${short(base)}`;
}

function changeLine(change: Change, strict: boolean): string {
  const { kind, path, after, trust } = change;
  const valid = isValid(change, strict);
  if (kind === 'keys' || kind === 'policy') return `${valid ? '✓' : '✗'} ${path} changes who may sign`;
  if (kind === 'delete')
    return `${valid ? '✓' : '✗'} ${nameOf(change)} ${versionOf(change)} is deleted: ${path}`;
  if (!valid || after === undefined || trust === undefined)
    return `✗ ${nameOf(change)}${after ? ` ${versionOf(change)} is not valid: ${path}` : ' is not valid'}`;
  const { tier, totalSize, withdrawn } = after.manifest.dataset;
  const wants = withdrawn ? 'withdrawn' : `${tier} → ${copies(trust.tierCopies)} of ${bytes(totalSize)}`;
  return `✓ ${nameOf(change)} is valid: ${versionOf(change)}, ${wants}, signed by ${trust.signedBy.join(', ')}`;
}

function printProblems(runner: Runner, problems: readonly Problem[]): void {
  for (const { severity, line, column, code, message, hint } of problems) {
    runner.line(`    ${line}:${column}  ${severity}  ${message}  [${code}]`);
    if (hint !== undefined) runner.line(`        fix: ${hint}`);
  }
}

/** The result in one line. */
export function verdict(report: Report): string {
  const { valid, problems, changes, manifests, all } = report;
  const number = checkedManifests(report).length;
  const { errors, warnings } = tally(problems);
  const found = [errors && count(errors, 'error'), warnings && count(warnings, 'warning')]
    .filter(Boolean)
    .join(' and ');
  if (!valid) {
    const files = new Set(
      problems.filter(({ severity }) => report.strict || severity === 'error').map(({ file }) => file),
    );
    return `Not valid: ${found} in ${count(files.size, 'file')}`;
  }
  const after = found === '' ? '' : `, with ${found}`;
  if (all) return `Valid: all ${count(manifests, 'manifest')} of the repository${after}`;
  if (changes.length === 0) return `Valid: no manifest, key or policy changes${after}`;
  if (number === 0 && report.trustChange !== undefined) return `${trustVerdict(report.trustChange)}${after}`;
  if (number === 0) return `Valid: no manifest to check in ${count(changes.length, 'changed file')}${after}`;
  return `Valid: ${count(number, 'manifest')} can be merged${after}`;
}

function trustVerdict({ warnings, lines, fallen }: TrustExplanation): string {
  const grave = warnings.length + fallen.length;
  if (grave > 0) return `Valid: changes who may sign, with ${count(grave, 'effect')} to weigh`;
  return lines.length > 0 ? 'Valid: changes who may sign' : 'Valid: nothing changes in who may sign';
}

function push(map: Map<string, Problem[]>, key: string, value: Problem): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
