import {
  bytes,
  code,
  copies,
  count,
  Document,
  link,
  Markdown,
  md,
  message,
  text,
} from '@holdfast/action-kit';
import type { Change, Problem, TierCopies } from '@holdfast/manifest';
import { type PlannedStep, pinCost, warningLines } from '@holdfast/manifest/internal';
import { addDataChanges, addPublishing } from './data-section.ts';
import { verdict } from './log.ts';
import { isValid, nameOf, type Report, tally, versionOf } from './report.ts';
import { addSigners } from './signer-section.ts';

export interface PageContext {
  /** Address of the repository, for links to lines. */
  readonly repositoryUrl: string;
  /** Where to look at the content. Default: public gateways. */
  readonly gateways: readonly string[];
  readonly pullRequest?: number | undefined;
  /** What could not be shown elsewhere, in sentences. */
  readonly remarks: readonly string[];
}

/** The page of the summary and the comment. */
export function pageOf(report: Report, context: PageContext): Document {
  const { valid, strict, problems, changes, data, head } = report;
  const page = new Document();
  page.add(md`## ${Markdown.trusted(valid ? '✅' : '❌')} ${verdict(report)}`);
  // Where only signatures are missing, whoever signs looks at the data first; else what needs work comes first.
  const failing = problems.filter(({ severity }) => strict || severity === 'error');
  const unsigned = failing.every(({ code: name }) => name === 'trust/not-enough-signers');
  if (!unsigned) addProblems(page, report, context);
  addTrustChange(page, report);
  const addressOf = (path: string) => head && fileAddress(context.repositoryUrl, head, path);
  addDataChanges(page, data, { addressOf, gateways: context.gateways });
  addChanges(page, report, addressOf);
  addPlan(page, report);
  addSigners(page, changes, context.pullRequest);
  if (unsigned) addPublishing(page, data);
  if (unsigned) addProblems(page, report, context);
  page.list([...report.notes, ...context.remarks].map((note) => message(note)));
  return page;
}

/** A change of who may sign is what a reviewer has to weigh: the gravest first, then all of it in words. */
function addTrustChange(page: Document, { trustChange }: Report): void {
  if (trustChange === undefined) return;
  page.add(md`### Who may sign`);
  const warnings = warningLines(trustChange);
  page.list(warnings.map((line) => md`${Markdown.trusted('⚠️')} ${message(line)}`));
  page.list(trustChange.lines.map((line) => message(line)));
  if (warnings.length + trustChange.lines.length === 0) page.add(md`Nothing changes in who may sign.`);
}

/** Longer tables are folded after so many rows. */
const shownUnfolded = 20;

function addChanges(page: Document, { changes, strict, all }: Report, addressOf: AddressOf): void {
  const shown = changes.filter((change) => change.kind !== 'unchanged' || all || !isValid(change, strict));
  if (shown.length > 0) page.add(md`### The manifests`);
  addLong(
    page,
    ['', 'Dataset', 'Version', 'Change', 'Tier → copies', 'Size', 'Signed by'],
    shown.map((change) => row(change, strict, addressOf)),
  );
}

function addLong(page: Document, head: readonly string[], rows: readonly (readonly Markdown[])[]): void {
  page.table(head, rows.slice(0, shownUnfolded));
  const more = rows.slice(shownUnfolded);
  page.table(head, more, md`${count(more.length, 'more')}`);
}

type AddressOf = (path: string) => string | undefined;

function linked(label: Markdown, address: string | undefined): Markdown {
  return address === undefined ? label : link(label, address);
}

function row(change: Change, strict: boolean, addressOf: AddressOf): readonly Markdown[] {
  const { kind, path, after, before, trust } = change;
  const dataset = (after ?? before)?.manifest.dataset;
  const mark = Markdown.trusted(isValid(change, strict) ? '✅' : '❌');
  if (dataset === undefined) return [mark, code(path), md``, md`${kind}`, md``, md``, md``];
  const old = before?.manifest.dataset.tier;
  const tier = old !== undefined && old !== dataset.tier ? `${old} ⇒ ${dataset.tier}` : dataset.tier;
  const copies = trust === undefined || dataset.withdrawn ? '' : ` → ${copiesText(trust.tierCopies)}`;
  return [
    mark,
    linked(code(nameOf(change)), kind === 'delete' ? undefined : addressOf(path)),
    text(versionOf(change)),
    md`${kind}`,
    text(tier + copies),
    text(bytes(dataset.totalSize)),
    signatures(change),
  ];
}

function signatures({ trust }: Change): Markdown {
  // Without a rule, no signature is needed.
  if (trust?.rule === undefined) return md``;
  const { signedBy, missing, needed } = trust;
  const signed = signedBy.length > 0 ? text(signedBy.join(', ')) : md`nobody`;
  const more = needed.threshold - signedBy.length;
  if (more <= 0) return signed;
  return md`${signed}; still needs ${more} of ${missing.length > 0 ? missing.join(', ') : 'the signers of the policy'}`;
}

function addProblems(
  page: Document,
  { problems, changes, head, base }: Report,
  { repositoryUrl }: PageContext,
): void {
  // A deleted file links to the base, which still has it.
  const gone = new Set(changes.filter(({ kind }) => kind === 'delete').map(({ path }) => path));
  if (problems.length === 0) return;
  const { errors, warnings } = tally(problems);
  const parts = [errors && count(errors, 'error'), warnings && count(warnings, 'warning')].filter(Boolean);
  page.add(md`### What to do about ${parts.join(' and ')}`);
  addLong(
    page,
    ['', 'Where', 'What', 'Fix'],
    [...problems]
      .sort(bySeverity)
      .map((found) => [
        Markdown.trusted(found.severity === 'error' ? '❌' : '⚠️'),
        place(found, found.file !== undefined && gone.has(found.file) ? base : head, repositoryUrl),
        md`${message(found.message)}<br>${code(found.code)}`,
        message(found.hint ?? ''),
      ]),
  );
}

/** Errors first; else in the order they were found. */
function bySeverity(a: Problem, b: Problem): number {
  return Number(a.severity === 'warning') - Number(b.severity === 'warning');
}

function place({ file, line, column }: Problem, commit: string | undefined, repositoryUrl: string): Markdown {
  if (file === undefined) return md`the whole change`;
  const label = code(`${file}:${line}:${column}`);
  if (commit === undefined) return label;
  return link(label, `${fileAddress(repositoryUrl, commit, file)}#L${line}`);
}

function fileAddress(repositoryUrl: string, commit: string, path: string): string {
  return `${repositoryUrl}/blob/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

const words = {
  pin: 'pin',
  raise: 'raise',
  lower: 'lower',
  update: 'keep, with new details',
  unpin: 'unpin, unless another manifest needs the same content',
  none: 'nothing',
} as const;

function addPlan(page: Document, { plan, valid }: Report): void {
  const steps = plan.filter(({ step }) => step !== 'none');
  if (steps.length === 0) return;
  page.add(
    valid ? md`### What the merge will pin` : md`### What the merge will pin, once the errors are gone`,
  );
  addLong(
    page,
    ['Step', 'Dataset', 'Copies', 'Size of a copy', 'Total'],
    steps.map((step) => [
      md`${words[step.step]}`,
      md`${code(step.id)}<br>${code(step.cid)}`,
      text(copiesOf(step)),
      text(bytes(step.bytes)),
      text(span(step.adds)),
    ]),
  );
  const all = pinCost(steps);
  page.add(
    all[1] > 0
      ? md`Total: ${span(all)} on the cluster. Files that the version before has are not counted as new.`
      : md`Total: ${span(all)} on the cluster.`,
  );
}

function copiesOf({ had, copies }: PlannedStep): string {
  const [before, after] = [had && copiesText(had), copiesText(copies)];
  return before === undefined || before === after ? after : `${before} ⇒ ${after}`;
}

function copiesText(wanted: TierCopies): string {
  return wanted.regions > 1 ? `${copies(wanted)} in ${wanted.regions} regions` : copies(wanted);
}

/** `+145 kB to +241 kB` */
function span([least, most]: PlannedStep['adds']): string {
  const signed = (number: number) => `${number < 0 ? '−' : '+'}${bytes(Math.abs(number))}`;
  return least === most ? signed(least) : `${signed(least)} to ${signed(most)}`;
}
