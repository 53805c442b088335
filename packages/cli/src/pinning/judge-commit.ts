import type { Change, ChangeReport, Trust } from '@holdfast/manifest';
import { type FindList, fileListPath, filesOf } from '@holdfast/manifest/files';
import { checkChanges } from '@holdfast/repository';
import type { Tools } from '../frame/command.ts';
import { commitNamed, committedLists, repositoryAround } from '../repository/committed.ts';
import { problemTexts } from '../repository/problem-texts.ts';
import { workTreeAround } from '../repository/work-tree.ts';

/** Manifests with what was found of each, and the keys that judged them. */
export interface Judged {
  readonly report: Pick<ChangeReport, 'changes' | 'problems'>;
  readonly sources: ReadonlyMap<string, string>;
  readonly trust: Trust;
  /** Where the manifests are from; absent for files of the work tree. */
  readonly commit?: string;
}

export interface JudgeOptions {
  readonly 'public-keys': string | undefined;
  /** Looks for file lists that the commit does not have. */
  readonly findList?: FindList | undefined;
}

/** Every manifest of the last commit, judged with its own keys and policy. */
export async function judgeCommit(flags: JudgeOptions, tools: Tools): Promise<Judged> {
  await using repository = await repositoryAround(tools.cwd);
  const head = await commitNamed(repository, 'HEAD');
  const publicKeys = flags['public-keys'] ?? 'public-keys';
  const tree = await workTreeAround(tools.cwd);
  const report = await checkChanges(repository, {
    base: head,
    head,
    mode: 'all',
    at: tools.clock(),
    publicKeys,
    findList: flags.findList,
    ...(tree?.repository && { repository: tree.repository }),
  });
  // A manifest that was forgotten in the commit would else look like one that is taken care of.
  if (report.manifests === 0)
    tools.note('the last commit has no manifests: git add manifests && git commit, or name a manifest file');
  const changes = await rereadable(report.changes, head, publicKeys, tools);
  return {
    report: { ...report, changes },
    trust: report.trust,
    commit: head,
    sources: await problemTexts(repository, report, publicKeys),
  };
}

/** The lists of a commit are read from a repository that is closed by now: whoever reads them again opens it again. */
async function rereadable(
  changes: readonly Change[],
  commit: string,
  publicKeys: string,
  tools: Tools,
): Promise<readonly Change[]> {
  if (!changes.some(({ after }) => after?.manifest.dataset.fileList)) return changes;
  const lists = await committedLists(tools.cwd, commit, publicKeys);
  return changes.map((change) => {
    const list = lists.get(fileListPath(change.path));
    const dataset = change.after?.manifest.dataset;
    return dataset && list && change.files ? { ...change, files: filesOf(dataset, list) } : change;
  });
}
