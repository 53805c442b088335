import { resolve } from 'node:path';
import type { Change } from '@holdfast/manifest';
import { pinCost, plannedPins, warningLines } from '@holdfast/manifest/internal';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import {
  type ChangesReport,
  checkChanges,
  commitIndex,
  type Repository,
  readSnapshot,
} from '@holdfast/repository';
import { contentServed, servedFlags } from '../content/content-served.ts';
import { listsOf } from '../content/find-list.ts';
import { askedContent, type ContentServed, contentLines } from '../content/new-content.ts';
import { originAnswers } from '../content/origin-answers.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import type { Paint } from '../frame/paint.ts';
import { titleOf } from '../manifest/manifest-file.ts';
import { baseOf } from '../repository/base-commit.ts';
import { commitNamed, repositoryAround } from '../repository/committed.ts';
import { problemTexts } from '../repository/problem-texts.ts';
import { proposalOf } from '../repository/proposal.ts';
import { uncommitted } from '../repository/uncommitted.ts';
import { workTreeAround } from '../repository/work-tree.ts';

const namedAtMost = 10;

export const check = defineCommand({
  operands: '',
  arity: [0, 0],
  flags: {
    base: {
      type: 'string',
      value: 'REF',
      about: 'the branch of the pull request; default: found from the remote',
    },
    staged: {
      type: 'boolean',
      about: 'check what is staged instead of the last commit, as a pre-commit hook does',
    },
    manifests: {
      type: 'string',
      value: 'PATTERN',
      multiple: true,
      about: 'paths of the manifests, as in the input of the action; default: manifests/**/*.json',
    },
    strict: { type: 'boolean', about: 'fail on warnings too' },
    ...servedFlags,
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy; default: public-keys',
    },
  },
  about:
    'Checks what GitHub will check: your last commit merged into the base branch, by the keys and the policy of that branch as you fetched it last. Ignores uncommitted files.',
  examples: [
    { about: 'before git push', command: 'holdfast check' },
    { about: 'in a pre-commit hook', command: 'holdfast check --staged' },
    { about: 'against another branch', command: 'holdfast check --base origin/stable' },
  ],
  async run({ flags }, tools) {
    await using repository = await repositoryAround(tools.cwd);
    const last = flags.staged ? await repository.resolve('HEAD') : await commitNamed(repository, 'HEAD');
    const head = flags.staged || last === undefined ? await stagedCommit(repository, last, tools) : last;
    const base = await baseOf(repository, last ?? head, flags.base);
    if (base === undefined && last !== undefined) {
      throw new Misuse(
        'which branch will the pull request go to? There is no upstream, origin, main or master',
        'name it with --base, for example --base trunk',
      );
    }
    const proposal = base && (await proposalOf(repository, head, base));
    if (base && proposal?.conflict)
      tools.note(
        `this conflicts with ${escapeText(base.name)}: GitHub checks nothing until that is resolved\n  help: git merge ${commandPath(base.name, 'BRANCH')}, then holdfast merge FILE for a manifest that both signed`,
      );
    const tree = await workTreeAround(repository.path);
    const publicKeys = flags['public-keys'] ?? 'public-keys';
    const manifests = flags.manifests.length > 0 ? { manifests: flags.manifests } : {};
    const itself = base?.isCurrent === true && head === last;
    const report = await checkChanges(repository, {
      head: proposal?.head ?? head,
      ...(proposal && { base: proposal.base }),
      ...manifests,
      at: tools.clock(),
      mode: itself ? 'all' : 'changed',
      strict: flags.strict,
      publicKeys,
      findList: listsOf({ gateways: flags.gateway }, tools),
      ...(tree?.repository && { repository: tree.repository }),
    });
    const asked = await askedContent(
      report,
      flags.retrievable ?? (flags.staged ? 'false' : 'auto'),
      (cids) => contentServed(cids, flags, tools),
      (origins) => originAnswers(origins, tools),
    );
    const left = await uncommitted(
      repository.path,
      await readSnapshot(repository, head, { publicKeys, ...manifests }),
      publicKeys,
    );
    if (left.length > 0) {
      const named = left.slice(0, namedAtMost).map(escapeText).join(', ');
      const more = left.length > namedAtMost ? ` and ${left.length - namedAtMost} more` : '';
      const paths = more ? ['manifests', publicKeys] : left;
      tools.note(
        `ignored (not ${flags.staged ? 'staged' : 'committed'}): ${named}${more}\n  help: git add ${paths.map((path) => commandPath(path, 'FILE')).join(' ')}${flags.staged ? '' : ' && git commit'}`,
      );
    }
    return {
      exitCode: report.ok && asked.problems.length === 0 ? exitCode.ok : exitCode.problems,
      result: {
        base: proposal?.base ?? null,
        baseName: base?.name ?? null,
        head,
        staged: flags.staged,
        uncommitted: left,
        changes: report.changes.map((change) => shapeOf(change, asked.content)),
        trustChange: trustShape(report),
      },
      problems: [...report.problems, ...asked.problems],
      sources: await problemTexts(repository, report, publicKeys),
      text: (paint) =>
        [
          ...textOf(report, againstOf(base?.name, itself), asked.problems.length > 0, paint),
          ...contentLines(asked, paint),
        ].join('\n'),
    };
  },
});

function shapeOf({ kind, path, from, before, after, trust, problems }: Change, { served }: ContentServed) {
  const dataset = (after ?? before)?.manifest.dataset;
  return {
    kind,
    file: path,
    from: from ?? null,
    name: dataset?.name ?? null,
    version: dataset?.version ?? null,
    revision: dataset?.revision ?? null,
    tier: dataset?.tier ?? null,
    totalSize: dataset?.totalSize ?? null,
    signedBy: trust?.signedBy ?? null,
    trust: trust?.explanation ?? null,
    retrievable: served.get(after?.manifest.dataset.cid ?? '') ?? null,
    ok: !problems.some((problem) => problem.severity === 'error'),
  };
}

/** A hook of `git commit FILE` finds what is about to be committed in an index of its own. */
function stagedCommit(repository: Repository, parent: string | undefined, tools: Tools): Promise<string> {
  const indexFile = tools.env.GIT_INDEX_FILE;
  return commitIndex(repository.path, {
    ...(parent !== undefined && { parent }),
    ...(indexFile && { indexFile: resolve(tools.cwd, indexFile) }),
  });
}

function againstOf(base: string | undefined, itself: boolean): string {
  if (base === undefined) return 'the first commit; no base to compare with';
  return itself ? `all of ${escapeText(base)}, the branch you are on` : `changes since ${escapeText(base)}`;
}

function textOf(report: ChangesReport, against: string, lost: boolean, paint: Paint): string[] {
  const lines = report.changes.map((change) => changeLine(change, paint));
  const ok = report.ok && !lost;
  const end = ok ? paint.green('✓ the check will pass') : paint.red('✗ the check will fail');
  const [least, most] = pinCost(plannedPins(report.changes, report.trust));
  const span = least === most ? bytes(most) : `${bytes(Math.max(0, least))} to ${bytes(most)}`;
  const cost = most > 0 ? `; the merge will pin ${span} over all copies` : '';
  return [
    `${count(report.changes.length, against.startsWith('all of') ? 'manifest' : 'change')} (${against})`,
    ...lines,
    ...trustLines(report, paint),
    `${end}${ok ? cost : ''}`,
  ];
}

/** The same sentences as for a person; null where keys and policy stay as they are. */
function trustShape({ trustChange }: ChangesReport) {
  if (trustChange === undefined) return null;
  const { lines } = trustChange;
  const warnings = warningLines(trustChange);
  return warnings.length + lines.length === 0 ? null : { warnings, lines };
}

function trustLines({ trustChange }: ChangesReport, paint: Paint): string[] {
  if (trustChange === undefined) return [];
  return [
    ...warningLines(trustChange).map((line) => `  ${paint.yellow('!')} ${escapeText(line)}`),
    ...trustChange.lines.map((line) => `    ${escapeText(line)}`),
  ];
}

function changeLine(change: Change, paint: Paint): string {
  const { kind, path, before, after, trust, problems } = change;
  const mark = problems.some((problem) => problem.severity === 'error') ? paint.red('✗') : paint.green('✓');
  const manifest = (after ?? before)?.manifest;
  if (!manifest) return `  ${mark} ${kind} ${escapeText(path)}`;
  const facts = [
    manifest.dataset.tier,
    bytes(manifest.dataset.totalSize),
    ...(trust ? [trust.explanation] : []),
  ];
  return `  ${mark} ${kind} ${paint.bold(escapeText(titleOf(manifest)))}: ${escapeText(facts.join(', '))}`;
}
