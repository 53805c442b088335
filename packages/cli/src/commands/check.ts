import { type Change, defaultTiers } from '@holdfast/manifest';
import { warningLines } from '@holdfast/manifest/internal';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import { type ChangesReport, checkChanges, readSnapshot } from '@holdfast/repository';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { titleOf } from '../manifest/manifest-file.ts';
import { baseOf } from '../repository/base-commit.ts';
import { commitNamed, repositoryAround } from '../repository/committed.ts';
import { problemTexts } from '../repository/problem-texts.ts';
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
    strict: { type: 'boolean', about: 'fail on warnings too' },
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy; default: public-keys',
    },
  },
  about:
    'Compares your last commit with the base branch. Uses the keys and the policy of the base. Ignores uncommitted files.',
  examples: [
    { about: 'before git push', command: 'holdfast check' },
    { about: 'against another branch', command: 'holdfast check --base origin/stable' },
  ],
  async run({ flags }, tools) {
    await using repository = await repositoryAround(tools.cwd);
    const head = await commitNamed(repository, 'HEAD');
    const base = await baseOf(repository, head, flags.base);
    const tree = await workTreeAround(repository.path);
    const publicKeys = flags['public-keys'] ?? 'public-keys';
    const report = await checkChanges(repository, {
      head,
      ...(base && { base: base.commit }),
      at: tools.clock(),
      strict: flags.strict,
      publicKeys,
      ...(tree?.repository && { repository: tree.repository }),
    });
    const left = await uncommitted(
      repository.path,
      await readSnapshot(repository, head, { publicKeys }),
      publicKeys,
    );
    if (left.length > 0) {
      const named = left.slice(0, namedAtMost).map(escapeText).join(', ');
      const more = left.length > namedAtMost ? ` and ${left.length - namedAtMost} more` : '';
      const paths = more ? ['manifests', publicKeys] : left;
      tools.note(
        `ignored (not committed): ${named}${more}\n  help: git add ${paths.map((path) => commandPath(path, 'FILE')).join(' ')} && git commit`,
      );
    }
    return {
      exitCode: report.ok ? exitCode.ok : exitCode.problems,
      result: {
        base: base?.commit ?? null,
        baseName: base?.name ?? null,
        head,
        uncommitted: left,
        changes: report.changes.map(shapeOf),
      },
      problems: report.problems,
      sources: await problemTexts(repository, report, publicKeys),
      text: (paint) => textOf(report, base?.name, paint),
    };
  },
});

function shapeOf({ kind, path, from, before, after, trust, problems }: Change) {
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
    ok: !problems.some((problem) => problem.severity === 'error'),
  };
}

function textOf(report: ChangesReport, base: string | undefined, paint: Paint): string {
  const against =
    base === undefined
      ? 'the whole repository; no base to compare with'
      : `changes since ${escapeText(base)}`;
  const lines = report.changes.map((change) => changeLine(change, paint));
  const end = report.ok ? paint.green('✓ the check will pass') : paint.red('✗ the check will fail');
  const added = report.changes.reduce((sum, change) => sum + bytesAsked(change), 0);
  const cost = added > 0 ? `; the merge will pin about ${bytes(added)} over all copies` : '';
  return [
    `${count(report.changes.length, 'change')} (${against})`,
    ...lines,
    ...trustLines(report, paint),
    `${end}${report.ok ? cost : ''}`,
  ].join('\n');
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

/** The bytes of a new dataset in its fewest copies. */
function bytesAsked({ kind, after, trust }: Change): number {
  if (kind !== 'add' || !after) return 0;
  const { tier, totalSize } = after.manifest.dataset;
  return totalSize * (trust?.tierCopies ?? defaultTiers[tier]).min;
}
