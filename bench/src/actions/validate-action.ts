import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPublicKey, generateKey, sha256 } from '@holdfast/manifest';
import { type GitFiles, gitRepository, type SetupOptions } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { type Comparison, compare } from '../harness/compare.ts';
import { secondsTarget, timeTarget } from '../harness/targets.ts';
import { listedVersion } from '../manifest/listed-version.ts';
import { manifestFolder } from '../manifest/manifest-folder.ts';
import { actionSide, bareNode, bareSide, prepareBundle } from './action-side.ts';

const fullName = 'holdfast-data/datasets';

/** From the start of the action's process on a pull request until its verdict. */
export const validateAction: Benchmark = {
  name: 'validate-action',
  says: 'the validate-manifests bundle on a pull request of 1 and of 1,000 manifests of 10 files, and of a next version with a list of 250,000, from start to verdict, against a Node that does nothing',
  quick: true,
  run: async (context) => {
    const one = await validate('one manifest', 1, await pullRequest(1, context), context);
    const count = context.quick ? 300 : 1000;
    const many = await validate(`${count} manifests`, count, await pullRequest(count, context), context);
    const files = context.quick ? 20_000 : 250_000;
    const list = await validate(
      `a list of ${files} files`,
      1,
      await listPullRequest(files, context),
      context,
    );
    return {
      comparisons: [one, many, list],
      targets: [
        timeTarget(one, bareNode, 3.5),
        // Two seconds are forty bare Nodes on a calm machine, and a third of the manifests half of that: on a machine
        // that has other work to do only such a ratio can be held.
        context.quick ? timeTarget(many, bareNode, 20) : secondsTarget(many, 2),
        context.quick ? timeTarget(list, bareNode, 40) : secondsTarget(list, 10),
      ],
      notes: ['The clone has the base commit (`fetch-depth: 2`), so that the network is no part of it.'],
    };
  },
};

async function validate(
  name: string,
  count: number,
  options: SetupOptions,
  context: BenchmarkContext,
): Promise<Comparison> {
  const setup = await prepareBundle('validate-manifests', options);
  context.onCleanup(async () => setup.remove());
  return compare(name, [actionSide('validate-manifests', setup), bareSide(setup)], {
    runs: name === 'one manifest' ? context.runs * 3 : context.runs,
    warmups: 1,
    agree: () => {
      const { valid, checked } = setup.results().outputs;
      if (valid !== 'true' || checked !== String(count))
        throw new Error(`expected ${count} valid manifests, got valid=${valid} and checked=${checked}`);
    },
    onRun: (label, seconds) => context.log(`${label}: ${seconds.toFixed(2)} s`),
  });
}

/** A pull request that brings so many manifests, checked out as `actions/checkout` does it. */
async function pullRequest(count: number, context: BenchmarkContext): Promise<SetupOptions> {
  const made = await manifestFolder(context.node, join(context.folder, `of-${count}`), {
    manifests: count,
    files: 10,
  });
  const key = { 'public-keys/alice.pub': await readFile(join(made, 'public-keys/alice.pub')) };
  const manifests: Record<string, Uint8Array> = {};
  for (const name of await readdir(join(made, 'manifests')))
    manifests[`manifests/${name}`] = await readFile(join(made, 'manifests', name));
  return proposal(key, manifests, context);
}

/** The next version of a dataset with a list of so many files, ten of them new. */
async function listPullRequest(count: number, context: BenchmarkContext): Promise<SetupOptions> {
  const key = generateKey(() => sha256(new TextEncoder().encode('benchmark')), 'benchmark');
  const keys = { 'public-keys/alice.pub': `${formatPublicKey(key.publicKey)}\n` };
  const merged = listedVersion('1.0.0', count, key);
  return proposal({ ...keys, ...merged }, listedVersion('1.1.0', count + 10, key), context);
}

/** What a merge to main and a branch from it hold. */
async function proposal(
  merged: GitFiles,
  proposed: GitFiles,
  { onCleanup }: BenchmarkContext,
): Promise<SetupOptions> {
  const repository = await gitRepository();
  onCleanup(() => repository.remove());
  await repository.write(merged);
  await repository.commit('Trust Alice');
  await repository.branch('proposal');
  await repository.write(proposed);
  await repository.commit('Propose datasets');
  const { number, base, head, merge } = await repository.pullRequest('proposal');
  const clone = await repository.clone({ depth: 2, ref: `refs/pull/${number}/merge` });
  const event = {
    action: 'synchronize',
    number,
    repository: { full_name: fullName, default_branch: 'main' },
    pull_request: {
      number,
      merge_commit_sha: merge,
      head: { ref: 'proposal', sha: head, repo: { full_name: fullName } },
      base: { ref: 'main', sha: base, repo: { full_name: fullName } },
    },
  };
  return { cwd: clone.path, eventName: 'pull_request', event };
}
