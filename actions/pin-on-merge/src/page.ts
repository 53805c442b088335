import {
  bytes,
  code,
  Document,
  failureLines,
  join,
  link,
  Markdown,
  Misuse,
  md,
  message,
  text,
} from '@holdfast/action-kit';
import { type DatasetResult, type NameResult, rolloutMermaid, verdictPhrase } from '@holdfast/datasets';
import type { Problem } from '@holdfast/manifest';
import type { FoundDataset } from './findable.ts';
import type { FoundProofs } from './proofs.ts';
import { type Grade, gradeOf, headline, type Report } from './report.ts';
import type { ShownRollout } from './rollout.ts';

export interface PageOptions {
  readonly serverUrl: string;
  /** Address of the run. */
  readonly runUrl?: string;
  readonly limit: number;
}

const icons: Readonly<Record<Grade, string>> = {
  satisfied: '✅',
  degraded: '⚠️',
  failed: '❌',
  planned: '📋',
  accepted: '⏳',
};

const words: Readonly<Record<DatasetResult['verdict'], string>> = {
  satisfied: '✅ satisfied',
  degraded: '⚠️ degraded',
  failed: '❌ failed',
  refused: '⛔ refused',
  blocked: '🛑 blocked',
  withdrawn: '🗑️ withdrawn',
  ended: '⌛ ended',
  planned: '📋 planned',
  accepted: '⏳ accepted',
};

/** The page of a run: the summary, and the comment on the pull request. */
export function renderPage(report: Report, options: PageOptions): string {
  const page = new Document();
  page.add(md`## ${Markdown.trusted(icons[gradeOf(report)])} ${headline(report)}`, facts(report, options));
  if (report.failure !== undefined) {
    page.add(md`**${message(report.failure.message)}**`, md`\u2192 ${message(report.failure.todo)}`);
  }
  const rows = [...report.results].sort((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
  page.table(
    [
      ...['Dataset', 'Tier', 'Copies', 'Wanted'],
      ...(report.proofs === undefined ? [] : ['Proved']),
      ...['Regions', 'Peers', 'Size', 'Time', 'Verdict'],
    ],
    rows.map((result) => [linked(result, report, options), ...figures(result, report)]),
  );
  if (report.rollout !== undefined) rolloutPicture(page, report.rollout);
  const lacking = rows.filter((result) => needsAdvice(result, report));
  if (lacking.length > 0) page.add(md`### What to do`).list(lacking.map(shortfall));
  const silent = rows.filter((result) => result.todo === undefined && result.verdict !== 'satisfied');
  if (silent.length > 0) page.add(md`### ${report.dryRun ? 'The plan' : 'Also'}`).list(silent.map(remark));
  const sick = report.proofs === undefined ? [] : sickCopies(report.proofs);
  if (sick.length > 0) page.add(md`### Copies that could not be shown`).list(sick);
  if (report.found !== undefined && report.found.length > 0)
    page.add(md`### Can readers find it?`).list(report.found.map(finding));
  if (report.names !== undefined && report.names.length > 0)
    page.add(md`### Names`).list(report.names.map(named));
  problems(page, report.problems);
  if (report.notes.length > 0) page.add(md`### Notes`).list(report.notes.map((note) => message(note)));
  return page.render(options.limit, 'the log of the run');
}

/** GitHub draws it. */
function rolloutPicture(page: Document, { phases, outcome, datasets }: ShownRollout): void {
  const chart = rolloutMermaid(phases, outcome === 'done');
  page.add(md`### Rollout`, Markdown.trusted(`\`\`\`mermaid\n${chart}\n\`\`\``));
  const seen = datasets.filter(({ checks }) => checks.some(({ check }) => check !== 'copies'));
  page.list(
    seen.map(({ id, phase = '', checks }) => {
      const marked = checks.map(
        ({ ok, text: says }) => md`${Markdown.trusted(ok ? '✅' : '❌')} ${message(says)}`,
      );
      return md`${code(id)} in ${code(phase)}: ${join(marked, '<br>')}`;
    }),
  );
}

/** The summary of a run that ended before it had anything to report. */
export function renderFault(error: unknown): string {
  const page = new Document();
  // The rest of a fault without a code is a stack, which the log has.
  const [first = 'failed without a message', ...rest] = failureLines(error);
  const said = error instanceof Misuse ? [first, ...rest] : [first];
  page
    .add(md`## ${Markdown.trusted(icons.failed)} Nothing could be done`)
    .list(said.map((line) => message(line)));
  return page.render(100_000, 'the log of the run');
}

/** The problems of a refused manifest are listed with their own fixes, and a failure of the whole run is shown once. */
function needsAdvice(
  { todo, verdict, manifest }: DatasetResult,
  { failure, problems: found }: Report,
): boolean {
  if (todo === undefined || failure !== undefined) return false;
  return verdict !== 'refused' || !found.some((problem) => problem.file === manifest);
}

function facts(report: Report, { serverUrl, runUrl }: PageOptions): Markdown {
  const { repository, commit, base, target, mode, startedAt, finishedAt } = report;
  const at = link(code(commit.slice(0, 10)), `${serverUrl}/${repository}/commit/${commit}`);
  const since = base === undefined || base === commit ? md`` : md` since ${code(base.slice(0, 10))}`;
  const what = mode === 'all' ? md`every dataset at ${at}` : md`what merged in ${at}${since}`;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const pieces = [what];
  if (target !== undefined) {
    const { label, peersUp, peers, regions } = target;
    const where = regions.length === 0 ? md`` : md` in ${[...regions].join(', ')}`;
    pieces.push(md`${code(short(label))}: ${peersUp} of ${peers} peers up${where}`);
  }
  pieces.push(md`${seconds.toFixed(1)} s`);
  if (runUrl !== undefined) pieces.push(link(md`run log`, runUrl));
  return join(pieces, ' · ');
}

function figures(result: DatasetResult, { dryRun, proofs }: Report): Markdown[] {
  const { tier, wanted, copies, regions, peers, size, elapsedMs, verdict } = result;
  const holders = (peers ?? []).filter(({ state }) => state === 'pinned');
  const names = holders.map(({ name, peer }) => name ?? `…${peer.slice(-8)}`).sort();
  return [
    text(tier ?? ''),
    text(wanted === undefined ? '' : `${copies ?? 0}`),
    text(wanted === undefined ? '' : range(wanted)),
    ...(proofs === undefined ? [] : [text(provedOf(result, proofs))]),
    text((regions ?? []).join(', ')),
    join(names.map(code), ' '),
    text(size === undefined ? '' : bytes(size)),
    text(elapsedMs === undefined || dryRun ? '' : `${(elapsedMs / 1000).toFixed(1)} s`),
    Markdown.trusted(words[verdict]),
  ];
}

/** Copies that were shown, of those that were asked. */
function provedOf({ cid }: DatasetResult, { proofs }: FoundProofs): string {
  const shown = new Map<string, boolean>();
  for (const { peer, verdict, cid: of } of proofs)
    if (of === cid) shown.set(peer, shown.get(peer) !== false && verdict === 'proved');
  return shown.size > 0 ? `${[...shown.values()].filter(Boolean).length} of ${shown.size}` : '';
}

function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? `${min}` : `${min} to ${max}`;
}

function label({ id, manifest }: DatasetResult): Markdown {
  if (id === undefined) return code(manifest);
  const at = id.lastIndexOf('@');
  return md`${code(id.slice(0, at))} ${id.slice(at + 1)}`;
}

/** Links to the manifest at the commit. */
function linked(result: DatasetResult, { repository, commit }: Report, { serverUrl }: PageOptions): Markdown {
  const path = result.manifest.split('/').map(encodeURIComponent).join('/');
  return link(label(result), `${serverUrl}/${repository}/blob/${commit}/${path}`);
}

/** Several endpoints are peers of one cluster: the first is enough. */
function short(label: string): string {
  const [first = label, ...others] = label.split(', ');
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function shortfall(result: DatasetResult): Markdown {
  const { verdict, reason, todo = '' } = result;
  return md`${label(result)} **${verdictPhrase[verdict]}**: ${message(reason)}<br>\u2192 ${message(todo)}`;
}

function remark(result: DatasetResult): Markdown {
  const step = result.step === undefined ? md`` : md`**${result.step}**: `;
  return md`${label(result)}: ${step}${message(result.reason)}`;
}

function sickCopies({ proofs, repairs }: FoundProofs): Markdown[] {
  const sick = proofs.filter(({ verdict }) => verdict !== 'proved');
  return [
    ...repairs.map(({ ok, name, peer, did, todo }) => {
      const fix = todo === undefined ? md`` : md`<br>\u2192 ${message(todo)}`;
      return md`${Markdown.trusted(ok ? '✅' : '❌')} ${code(name ?? peer)} ${ok ? '' : 'not '}repaired: ${message(did)}${fix}`;
    }),
    ...sick.map(
      ({ verdict, name, peer, cid, why }) =>
        md`${Markdown.trusted(verdict === 'refuted' ? '❌' : '❔')} ${code(name ?? peer)} ${verdict}: ${message(why)} (${code(cid)})`,
    ),
  ];
}

const findIcons: Readonly<Record<FoundDataset['verdict'], string>> = {
  findable: '✅',
  'hard to find': '⚠️',
  'not known': '❔',
  'not pinned': '❌',
};

function finding({ id, verdict, text: says }: FoundDataset): Markdown {
  const fix =
    verdict === 'hard to find'
      ? md`<br>\u2192 announcing takes a while after a pin; later: can others reach the swarm port of the nodes, and does ${code('Provide.Strategy')} cover pins?`
      : md``;
  return md`${Markdown.trusted(findIcons[verdict])} ${code(id)}: ${says}${fix}`;
}

const nameIcons: Readonly<Record<NameResult['outcome'], string>> = {
  published: '✅',
  renewed: '✅',
  current: '✅',
  due: '📋',
  waiting: '⏳',
  'no-key': '🔑',
  failed: '❌',
};

function named({ dataset, name, outcome, reason, todo }: NameResult): Markdown {
  const fix = todo === undefined ? md`` : md`<br>\u2192 ${message(todo)}`;
  return md`${Markdown.trusted(nameIcons[outcome])} ${code(dataset)} ${code(name)}: ${message(reason)}${fix}`;
}

function problems(page: Document, all: readonly Problem[]): void {
  if (all.length === 0) return;
  page.add(md`### Problems in manifests, keys and policy`).list(
    all.map((problem) => {
      const { severity, file, line, message: says, code: name, hint } = problem;
      const place = file === undefined ? md`` : md`${code(`${file}:${line}`)} `;
      const fix = hint === undefined ? md`` : md`<br>\u2192 ${message(hint)}`;
      return md`${Markdown.trusted(severity === 'error' ? '❌' : '⚠️')} ${place}${message(says)} (${code(name)})${fix}`;
    }),
  );
}

const order: readonly DatasetResult['verdict'][] = [
  'failed',
  'blocked',
  'refused',
  'degraded',
  'planned',
  'accepted',
  'withdrawn',
  'ended',
  'satisfied',
];

function rank({ verdict }: DatasetResult): number {
  return order.indexOf(verdict);
}

function nameOf({ id, manifest }: DatasetResult): string {
  return id ?? manifest;
}
