import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Benchmark, Target } from '../harness/benchmark.ts';

const limits = { 'validate-manifests': 1.5, 'pin-on-merge': 2.5 };

export const bundleSize: Benchmark = {
  name: 'bundle-size',
  says: 'the committed bundles of the actions, each with all its files',
  quick: true,
  run: async () => {
    const targets: Target[] = [];
    const notes: string[] = [];
    for (const [name, limit] of Object.entries(limits)) {
      const dist = new URL(`../../../actions/${name}/dist/`, import.meta.url);
      const names = (await readdir(dist)).filter((file) => file.endsWith('.cjs'));
      const files = names.map((file) => readFile(new URL(file, dist)));
      const bytes = Buffer.concat(await Promise.all(files));
      targets.push({
        name: `bundle of ${name}`,
        limit,
        sense: 'at-most',
        seen: bytes.length / 1e6,
        unit: 'MB',
      });
      notes.push(`${name}: ${(gzipSync(bytes).length / 1e3).toFixed(0)} kB after gzip.`);
    }
    return { comparisons: [], targets, notes };
  },
};
