import { join } from 'node:path';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { type Comparison, compare } from '../harness/compare.ts';
import { secondsTarget } from '../harness/targets.ts';
import { manifestRepository } from './manifest-repository.ts';

const script = join(import.meta.dirname, 'check-repository.mjs');
const floor = 'git cat-file of every manifest';

interface Change {
  readonly name: string;
  readonly path: string;
  readonly base: string;
  readonly head: string;
  readonly expected: { readonly ok: boolean; readonly changes: number; readonly manifests: number };
}

/** A repository of 10,000 manifests: one more, and all of them in one change. */
export const checkRepository: Benchmark = {
  name: 'check-repository',
  says: 'a change of one manifest in a repository of 10,000, and one that brings all 10,000, judged from Git objects; the floor is git handing out every manifest',
  quick: false,
  run: async (context) => {
    const count = context.quick ? 1000 : 10_000;
    const { path, base, heads } = await manifestRepository([count - 1, count], context);
    const [before = '', head = ''] = heads.values();
    const one = await check(context, {
      name: `one more manifest beside ${count - 1}`,
      path,
      base: before,
      head,
      expected: { ok: true, changes: 1, manifests: count },
    });
    const all = await check(context, {
      name: `${count} new manifests`,
      path,
      base,
      head,
      expected: { ok: true, changes: count, manifests: count },
    });
    return {
      comparisons: [one, all],
      targets: [secondsTarget(one, 3), secondsTarget(all, 10)],
      notes: ['"In seconds" means at most ten for all of them, and three for one more.'],
    };
  },
};

function check(
  { node, runs, log }: BenchmarkContext,
  { name, path, base, head, expected }: Change,
): Promise<Comparison> {
  const list = `git ls-tree -r --format='%(objectname)' ${head} manifests`;
  const cat = `${list} | git cat-file --batch | grep -c '"dataset": {'`;
  return compare(
    name,
    [
      { label: 'holdfast', command: { argv: [node, script, path, base, head] } },
      { label: floor, command: { argv: ['sh', '-c', cat], cwd: path } },
    ],
    {
      runs,
      warmups: 1,
      agree: ([ours = '', theirs = '']) => {
        if (ours.trim() !== JSON.stringify(expected))
          throw new Error(`expected ${JSON.stringify(expected)}, got ${ours}`);
        if (Number(theirs) !== expected.manifests)
          throw new Error(`expected ${expected.manifests} manifests of git, got ${theirs}`);
      },
      onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
    },
  );
}
