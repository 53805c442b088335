import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitRepository, type SetupOptions } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { type Comparison, compare } from '../harness/compare.ts';
import { secondsTarget, timeTarget } from '../harness/targets.ts';
import { manifestFolder } from '../manifest/manifest-folder.ts';
import { actionSide, bareNode, bareSide, prepareBundle } from './action-side.ts';

const fullName = 'holdfast-data/datasets';

/** From the start of the action's process on a pull request until its verdict. */
export const validateAction: Benchmark = {
  name: 'validate-action',
  says: 'the validate-manifests bundle on a pull request of 1 and of 1,000 manifests of 10 files, from start to verdict, against a Node that does nothing',
  quick: true,
  run: async (context) => {
    const one = await validate(1, context);
    const many = await validate(context.quick ? 300 : 1000, context);
    return {
      comparisons: [one, many],
      targets: [
        timeTarget(one, bareNode, 3.5),
        // Two seconds are forty bare Nodes on a calm machine, and a third of the manifests half of that: on a machine
        // that has other work to do only such a ratio can be held.
        context.quick ? timeTarget(many, bareNode, 20) : secondsTarget(many, 2),
      ],
      notes: ['The clone has the base commit (`fetch-depth: 2`), so that the network is no part of it.'],
    };
  },
};

async function validate(count: number, context: BenchmarkContext): Promise<Comparison> {
  const setup = await prepareBundle('validate-manifests', await pullRequest(count, context));
  context.onCleanup(async () => setup.remove());
  return compare(
    count === 1 ? 'one manifest' : `${count} manifests`,
    [actionSide('validate-manifests', setup), bareSide(setup)],
    {
      runs: count === 1 ? context.runs * 3 : context.runs,
      warmups: 1,
      agree: () => {
        const { valid, checked } = setup.results().outputs;
        if (valid !== 'true' || checked !== String(count))
          throw new Error(`expected ${count} valid manifests, got valid=${valid} and checked=${checked}`);
      },
      onRun: (label, seconds) => context.log(`${label}: ${seconds.toFixed(2)} s`),
    },
  );
}

/** A pull request that brings so many manifests, checked out as `actions/checkout` does it. */
async function pullRequest(
  count: number,
  { node, folder, onCleanup }: BenchmarkContext,
): Promise<SetupOptions> {
  const made = await manifestFolder(node, join(folder, `of-${count}`), { manifests: count, files: 10 });
  const repository = await gitRepository();
  onCleanup(() => repository.remove());
  await repository.write({ 'public-keys/alice.pub': await readFile(join(made, 'public-keys/alice.pub')) });
  await repository.commit('Trust Alice');
  await repository.branch('proposal');
  for (const name of await readdir(join(made, 'manifests')))
    await repository.write({ [`manifests/${name}`]: await readFile(join(made, 'manifests', name)) });
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
