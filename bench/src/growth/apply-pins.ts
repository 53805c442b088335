import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCluster } from '@holdfast/testkit';
import type { Benchmark } from '../harness/benchmark.ts';
import { growth, linearTarget, type Point } from '../harness/growth.ts';
import { median } from '../harness/statistics.ts';
import { emptied, freshContent } from '../pinning/cluster-content.ts';

const copies = 2;
const sizes = [
  { n: 10, rounds: 3 },
  { n: 100, rounds: 3 },
  { n: 1_000, rounds: 3 },
  // A minute and more; and to empty the cluster again would take as long.
  { n: 10_000, rounds: 1 },
];

/** The engine's own work is in it: three nodes on this machine. */
export const applyGrowth: Benchmark = {
  name: 'growth-of-apply',
  says: 'plan and apply 10, 100, 1,000 and 10,000 new pins at two copies on a real cluster, until all copies exist',
  quick: false,
  run: async ({ node, folder, quick, log, onCleanup }) => {
    const cluster = await startCluster({ peers: 3 });
    onCleanup(() => cluster.close());
    const workFile = join(folder, 'work.json');
    const points: Point[] = [];
    for (const { n, rounds } of quick ? sizes.slice(0, 2) : sizes) {
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await emptied(cluster);
        const work = { endpoint: cluster.urls[0], cids: await freshContent(cluster, n), copies };
        await writeFile(workFile, JSON.stringify(work));
        const script = join(import.meta.dirname, 'apply-pins.mjs');
        const { stdout } = await promisify(execFile)(node, [script, workFile]);
        seconds.push((JSON.parse(stdout) as { seconds: number }).seconds);
      }
      points.push({ n, cost: median(seconds) });
      log(`${n}: ${median(seconds).toFixed(2)} s`);
    }
    const grown = growth('apply pins on a cluster', points);
    return { comparisons: [], growth: [grown], targets: [linearTarget(grown)] };
  },
};
