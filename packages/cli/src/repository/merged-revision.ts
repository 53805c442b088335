import type { Dataset } from '@holdfast/manifest';
import { baseOf } from './base-commit.ts';
import { readCommitted, repositoryAround } from './committed.ts';

/** The merged revision of a dataset's version: in the base branch, or in the last commit if there is no base. */
export async function mergedRevision({ name, version }: Dataset, cwd: string): Promise<number> {
  await using repository = await repositoryAround(cwd);
  const head = await repository.resolve('HEAD');
  if (head === undefined) return 0;
  const base = await baseOf(repository, head);
  const { manifests } = await readCommitted(cwd, base?.commit ?? head);
  const revisions = manifests.flatMap(({ result }) => {
    const dataset = result.ok ? result.manifest.dataset : undefined;
    return dataset?.name === name && dataset.version === version ? [dataset.revision] : [];
  });
  return Math.max(0, ...revisions);
}
