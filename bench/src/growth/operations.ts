import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../content/make-input.ts';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { growth, linearTarget, type Point } from '../harness/growth.ts';
import { manifestFolder } from '../manifest/manifest-folder.ts';
import { startPinset } from '../pinning/status-of-all-server.ts';
import { manifestRepository } from '../repository/manifest-repository.ts';

type Inputs = Readonly<Record<string, string>>;

interface Operation {
  readonly name: string;
  readonly quick: boolean;
  /** Where those of all others are not the ones to look at. */
  readonly sizes?: readonly number[];
  /** What the operation works on at each size; made once, in the order of the sizes. */
  readonly inputs: (sizes: readonly number[], context: BenchmarkContext) => Promise<Inputs[]>;
}

/** A folder of more than some 4,500 such files is split into shards, each a block to hash: a step, then linear again. */
const sharded = [5000, 10_000, 20_000, 40_000];

/** A plan of some 1,500 pins and more no longer fits the young generation: a step from 3 to 6 µs a pin, then linear again. */
const planned = [10, 100, 1000, 10_000, 40_000];

const none = async (sizes: readonly number[]): Promise<Inputs[]> => sizes.map(() => ({}));

async function folders(sizes: readonly number[], { folder }: BenchmarkContext): Promise<Inputs[]> {
  const made: Inputs[] = [];
  for (const n of sizes)
    made.push({ files: await makeFolder(join(folder, `files-${n}`), n, 10_240), scratch: folder });
  return made;
}

const operations: readonly Operation[] = [
  { name: 'hash a folder', quick: false, inputs: folders },
  { name: 'write a CAR', quick: false, inputs: folders },
  { name: 'rebuild a root', quick: true, inputs: none },
  { name: 'rebuild a sharded root', quick: false, sizes: sharded, inputs: none },
  {
    name: 'read a manifest of files',
    quick: true,
    inputs: async (sizes, { node, folder }) => {
      const made: Inputs[] = [];
      for (const files of sizes) {
        const of = await manifestFolder(node, join(folder, `one-${files}`), { manifests: 1, files });
        made.push({ manifest: join(of, 'manifests', 'dataset-0-v1.0.0.json') });
      }
      return made;
    },
  },
  {
    name: 'verify manifests',
    quick: true,
    inputs: async (sizes, { node, folder }) => {
      const all = join(folder, 'manifests');
      await manifestFolder(node, all, { manifests: Math.max(...sizes), files: 10 });
      return sizes.map(() => ({ manifests: all }));
    },
  },
  {
    name: 'check a change of manifests',
    quick: false,
    inputs: async (sizes, context) => {
      const { path, base, heads } = await manifestRepository(sizes, context);
      return sizes.map((n) => ({ repository: path, base, head: heads.get(n) ?? '' }));
    },
  },
  { name: 'plan pins', quick: true, sizes: planned, inputs: none },
  {
    name: 'read the status of pins',
    quick: false,
    inputs: async (sizes, { onCleanup }) => {
      const made: Inputs[] = [];
      for (const n of sizes) {
        const { url, close } = await startPinset(n);
        onCleanup(close);
        made.push({ url });
      }
      return made;
    },
  },
];

/** How cost grows with the number of units, in processes of their own, without the start of Node. */
export const operationGrowth: Benchmark = {
  name: 'growth',
  says: 'each main operation at 10, 100, 1,000 and 10,000 units, with the fitted exponent: 1 is linear',
  quick: true,
  run: async (context) => {
    const usual = context.quick ? [10, 100, 1000] : [10, 100, 1000, 10_000];
    const rounds = context.quick ? 1 : 3;
    const chosen = operations.filter(({ quick }) => quick || !context.quick);
    const grown = [];
    for (const { name, inputs, sizes = usual } of chosen) {
      const made = await inputs(sizes, context);
      const points: Point[] = [];
      for (const [index, n] of sizes.entries()) {
        const seconds: number[] = [];
        for (let round = 0; round < rounds; round++)
          seconds.push(await cost(context.node, name, n, made[index] ?? {}));
        points.push({ n, cost: Math.min(...seconds) });
      }
      context.log(
        `${name}: ${points.map(({ n, cost }) => `${n} in ${(cost * 1000).toFixed(2)} ms`).join(', ')}`,
      );
      grown.push(growth(name, points));
    }
    return { comparisons: [], growth: grown, targets: grown.map(linearTarget) };
  },
};

async function cost(node: string, operation: string, n: number, inputs: Inputs): Promise<number> {
  const script = join(import.meta.dirname, 'measure-operation.mjs');
  const { stdout } = await promisify(execFile)(node, [script, operation, String(n), JSON.stringify(inputs)]);
  return (JSON.parse(stdout) as { seconds: number }).seconds;
}
