import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gitRepository, type TestRepository } from '@holdfast/testkit';
import type { BenchmarkContext } from '../harness/benchmark.ts';
import { manifestFolder } from '../manifest/manifest-folder.ts';

export interface ManifestRepository {
  readonly path: string;
  /** Trusts Alice and has no manifest. */
  readonly base: string;
  /** The commit at which so many manifests are there. */
  readonly heads: ReadonlyMap<number, string>;
  readonly repository: TestRepository;
}

/** A repository that grows to each of the counts in a commit of its own. */
export async function manifestRepository(
  counts: readonly number[],
  { node, folder, onCleanup }: BenchmarkContext,
): Promise<ManifestRepository> {
  const made = join(folder, 'made');
  await manifestFolder(node, made, { manifests: Math.max(...counts), files: 10 });
  const repository = await gitRepository();
  onCleanup(() => repository.remove());
  const { path } = repository;
  await cp(join(made, 'public-keys'), join(path, 'public-keys'), { recursive: true });
  const base = await repository.commit('Trust Alice');
  await mkdir(join(path, 'manifests'));
  const names = (await readdir(join(made, 'manifests'))).sort();
  const heads = new Map<number, string>();
  let done = 0;
  for (const count of counts) {
    for (const name of names.slice(done, count))
      await cp(join(made, 'manifests', name), join(path, 'manifests', name));
    done = count;
    heads.set(count, await repository.commit(`Bring ${count} manifests`));
  }
  return { path, base, heads, repository };
}
