import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKey } from '@holdfast/manifest';
import { kubo, toKubo } from '../content/hash-folder.ts';
import { makeFolder } from '../content/make-input.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';
import { growth, type Point } from '../harness/growth.ts';
import { measure } from '../harness/measure.ts';
import { median } from '../harness/statistics.ts';
import { memoryTarget, sameOutput, secondsTarget, timeTarget } from '../harness/targets.ts';
import { listedVersion } from './listed-version.ts';

const script = fileURLToPath(new URL('file-list-holdfast.mjs', import.meta.url));
const bare = 'node -e 0';

export const proveFileList: Benchmark = {
  name: 'prove-file-list',
  says: 'a list of 1,000,000 small files read strictly and its root rebuilt, as a pull request does it',
  quick: true,
  run: async ({ folder, node, quick, runs, log }) => {
    const sizes = quick ? [1000, 10_000, 50_000] : [10_000, 100_000, 1_000_000];
    const points: Point[] = [];
    const most = sizes.at(-1) ?? 0;
    for (const count of sizes) await writeVersion(join(folder, `${count}`), count);
    const prove = (count: number) => ({
      argv: [node, script, 'prove', join(folder, `${count}`, 'manifests/many-v1.0.0.json')],
    });
    for (const count of sizes) {
      const seconds: number[] = [];
      for (let run = 0; run < runs; run++) seconds.push((await measure(prove(count))).sample.wall);
      log(`${count} files: ${median(seconds).toFixed(2)} s`);
      points.push({ n: count, cost: median(seconds) });
    }
    const comparison = await compare(
      `a list of ${most} files`,
      [
        { label: 'holdfast', command: prove(most) },
        { label: bare, command: { argv: [node, '-e', '0'] } },
      ],
      { runs, warmups: 0, onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`) },
    );
    const grown = growth('prove a file list', points);
    return {
      comparisons: [comparison],
      growth: [grown],
      targets: [
        // On a machine that has other work to do, only the ratio can be held.
        quick ? timeTarget(comparison, bare, 40) : secondsTarget(comparison, 20),
        memoryTarget(comparison, quick ? 200 : 400),
        {
          name: `prove a file list, exponent from ${sizes.at(-2)} to ${most}`,
          limit: 1.1,
          sense: 'at-most',
          seen: grown.lastExponent,
          unit: '',
        },
      ],
      notes: ['The wall time is that of the whole process: the start of Node is in it.'],
    };
  },
};

async function writeVersion(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'manifests'), { recursive: true });
  for (const [path, text] of Object.entries(listedVersion('1.0.0', count, generateKey())))
    await writeFile(join(folder, path), text);
}

export const writeFileList: Benchmark = {
  name: 'write-file-list',
  says: 'a folder of 1,000,000 small files hashed and its list written, against the CID alone from Kubo',
  quick: false,
  run: async (context) => {
    const count = 1_000_000;
    const tree = await makeFolder(join(context.folder, 'tree'), count, 64);
    const list = join(context.folder, 'tree.files.jsonl');
    const ours = {
      label: 'holdfast, with every SHA-256',
      command: { argv: [context.node, script, 'write', tree, list] },
    };
    const comparison = await compare(`${count} files of 64 bytes`, [ours, await kubo(context, tree)], {
      // Minutes each.
      runs: 1,
      warmups: 0,
      agree: sameOutput,
      onRun: (label, seconds) => context.log(`${label}: ${seconds.toFixed(2)} s`),
    });
    return { comparisons: [comparison], targets: [timeTarget(comparison, toKubo, 1.3)] };
  },
};
