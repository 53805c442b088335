import type { ChangeReport, Trust } from '@holdfast/manifest';
import { checkChanges } from '@holdfast/repository';
import type { Tools } from '../frame/command.ts';
import { commitNamed, repositoryAround } from '../repository/committed.ts';
import { problemTexts } from '../repository/problem-texts.ts';
import { workTreeAround } from '../repository/work-tree.ts';

/** Manifests with what was found of each, and the keys that judged them. */
export interface Judged {
  readonly report: Pick<ChangeReport, 'changes' | 'problems'>;
  readonly sources: ReadonlyMap<string, string>;
  readonly trust: Trust;
}

export interface KeyFlags {
  readonly 'public-keys': string | undefined;
}

/** Every manifest of the last commit, judged with its own keys and policy. */
export async function judgeCommit(flags: KeyFlags, tools: Tools): Promise<Judged> {
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
    ...(tree?.repository && { repository: tree.repository }),
  });
  // A manifest that was forgotten in the commit would else look like one that is taken care of.
  if (report.manifests === 0)
    tools.note('the last commit has no manifests: git add manifests && git commit, or name a manifest file');
  return { report, trust: report.trust, sources: await problemTexts(repository, report, publicKeys) };
}
