import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';
import { makeFile, makeFolder } from './make-input.ts';

const ours = fileURLToPath(new URL('car-holdfast.mjs', import.meta.url));
const theirs = join(dirname(createRequire(import.meta.url).resolve('ipfs-car/package.json')), 'bin.js');

/** CAR writing, whole processes, to a file; both sides must come to the same root. */
export const writeCarFile: Benchmark = {
  name: 'write-car',
  says: 'a mixed folder of 1,000 small files and one of 256 MiB to a CAR, against ipfs-car pack',
  quick: false,
  run: async ({ folder, node, runs, quick, log }) => {
    const path = join(folder, 'data');
    await makeFolder(path, 1000, 10_240);
    await makeFile(join(path, 'big.bin'), quick ? 32 : 256);
    const to = join(folder, 'data.car');
    const prepare = () => rm(to, { force: true });
    const comparison = await compare(
      'mixed folder to a CAR',
      [
        { label: 'holdfast', command: { argv: [node, ours, path, to] }, prepare },
        {
          label: 'ipfs-car pack',
          command: { argv: [node, theirs, 'pack', path, '--output', to, '--no-wrap'] },
          prepare,
        },
      ],
      {
        runs,
        warmups: 1,
        agree: (outputs) => {
          const roots = outputs.map((output) => /bafy\w+/.exec(output)?.[0]);
          if (new Set(roots).size !== 1) throw new Error(`expected one root, got ${roots.join(' and ')}`);
        },
        onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
      },
    );
    return {
      comparisons: [comparison],
      targets: [
        {
          name: "CAR of a mixed folder: wall time to ipfs-car's",
          limit: 1,
          sense: 'at-most',
          seen: comparison.ratios[0]?.wall ?? Number.NaN,
          unit: '×',
        },
      ],
      notes: ['Our side also has the SHA-256 of every file when it is done.'],
    };
  },
};
