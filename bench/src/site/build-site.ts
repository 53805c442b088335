import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleHistory } from '@holdfast/testkit';
import type { Benchmark } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';
import { growth, linearTarget, type Point } from '../harness/growth.ts';
import { median } from '../harness/statistics.ts';
import { memoryTarget, secondsTarget } from '../harness/targets.ts';
import { siteDataset } from './site-dataset.ts';

const sizes = [2_500, 10_000];
const to = Date.parse('2026-11-27T12:00:00Z');

/** From a history on the disk to every file of a site, whose bytes are counted and not kept: a disk has a speed of its own. */
export const buildSite: Benchmark = {
  name: 'build-site',
  says: 'the site of 10,000 datasets with 90 days of history, a round every five minutes',
  quick: false,
  run: async ({ folder, node, runs, log }) => {
    const comparisons = [];
    const points: Point[] = [];
    for (const datasets of sizes) {
      const history = join(folder, `history-${datasets}`);
      await writeHistory(history, datasets);
      const argv = [node, join(import.meta.dirname, 'build-site-of.ts'), history, String(datasets)];
      const comparison = await compare(
        `site of ${datasets} datasets`,
        [{ label: 'holdfast', command: { argv } }],
        {
          runs: Math.min(runs, 5),
          warmups: 0,
          onRun: (_, seconds) => log(`${datasets} datasets: ${seconds.toFixed(2)} s`),
        },
      );
      comparisons.push(comparison);
      points.push({
        n: datasets,
        cost: median((comparison.sides[0]?.samples ?? []).map(({ wall }) => wall)),
      });
    }
    const largest = comparisons.at(-1);
    if (largest === undefined) throw new Error('there are no sizes');
    const grown = growth('build a site', points);
    return {
      comparisons,
      growth: [grown],
      targets: [
        secondsTarget(largest, 20),
        memoryTarget(largest, 400),
        { ...linearTarget(grown), limit: 1.1 },
      ],
    };
  },
};

async function writeHistory(folder: string, datasets: number): Promise<void> {
  await mkdir(folder);
  const watched = Array.from({ length: datasets }, (_, index) => {
    const { dataset } = siteDataset(index);
    return { id: `${dataset.name}@${dataset.version}`, cid: dataset.cid, size: dataset.totalSize, min: 3 };
  });
  let [month, text] = ['', ''];
  const write = () => (text === '' ? undefined : appendFile(join(folder, `${month}.jsonl`), text));
  for (const line of sampleHistory({ datasets: watched, to, days: 90, rounds: 288 })) {
    if (line.at.slice(0, 7) !== month) {
      await write();
      [month, text] = [line.at.slice(0, 7), ''];
    }
    text += `${JSON.stringify(line)}\n`;
  }
  await write();
}
