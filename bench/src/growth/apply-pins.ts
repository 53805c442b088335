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

/** The engine's own work is in it: three nodes on this machine. */
export const applyGrowth: Benchmark = {
  name: 'growth-of-apply',
  says: 'plan and apply 10, 100 and 1,000 new pins at two copies on a real cluster, until all copies exist',
  quick: false,
  run: async ({ node, folder, quick, log, onCleanup }) => {
    const cluster = await startCluster({ peers: 3 });
    onCleanup(() => cluster.close());
    const workFile = join(folder, 'work.json');
    const points: Point[] = [];
    for (const n of quick ? [10, 100] : [10, 100, 1000]) {
      const seconds: number[] = [];
      for (let round = 0; round < 3; round++) {
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
