import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findEngine } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext, Target } from '../harness/benchmark.ts';
import { type Comparison, compare, type Side } from '../harness/compare.ts';
import { makeFile, makeFolder } from './make-input.ts';

const profile = 'unixfs-v1-2025';
const script = fileURLToPath(new URL('hash-holdfast.mjs', import.meta.url));
const memoryLimit = 250;

async function kubo(context: BenchmarkContext, path: string): Promise<Side> {
  const binary = await findEngine('kubo');
  const env = { IPFS_PATH: join(context.folder, 'kubo') };
  await promisify(execFile)(binary, ['init', `--profile=test,${profile}`, '--empty-repo'], {
    env: { ...process.env, ...env },
  });
  const argv = [binary, 'add', '-r', '--only-hash', '-Q', '--progress=false', path];
  return { label: 'ipfs add --only-hash', command: { argv, env } };
}

async function hash(name: string, context: BenchmarkContext, path: string): Promise<Comparison> {
  const ours: Side = {
    label: 'holdfast, with every SHA-256',
    command: { argv: [context.node, script, path, profile] },
  };
  return compare(name, [ours, await kubo(context, path)], {
    runs: context.runs,
    warmups: 1,
    agree: ([first, ...others]) => {
      for (const other of others) {
        if (other.trim() !== first?.trim()) throw new Error(`expected one CID, got ${first} and ${other}`);
      }
    },
  });
}

function targets(comparison: Comparison, limit: number): Target[] {
  const peak = Math.max(...(comparison.sides[0]?.samples ?? []).map(({ peakBytes }) => peakBytes));
  return [
    {
      name: `${comparison.name}: wall time to Kubo's`,
      limit,
      sense: 'at-most',
      seen: comparison.ratios[0]?.wall ?? Number.NaN,
      unit: '×',
    },
    {
      name: `${comparison.name}: peak memory`,
      limit: memoryLimit,
      sense: 'at-most',
      seen: peak / 1_048_576,
      unit: 'MiB',
    },
  ];
}

export const hashBigFile: Benchmark = {
  name: 'hash-big-file',
  says: 'one file of 1 GiB to its CID and SHA-256, against the CID alone from Kubo',
  quick: false,
  run: async (context) => {
    const path = await makeFile(join(context.folder, 'big.bin'), context.quick ? 128 : 1024);
    const comparison = await hash('one file of 1 GiB', context, path);
    const notes = [
      'One SHA-256 over the whole file cannot be split over cores: its time alone is the floor of our side.',
    ];
    return { comparisons: [comparison], targets: targets(comparison, 0.5), notes };
  },
};

export const hashManyFiles: Benchmark = {
  name: 'hash-many-files',
  says: '10,000 files of 10 KiB to a root CID and their SHA-256s, against the root CID alone from Kubo',
  quick: true,
  run: async (context) => {
    const path = await makeFolder(join(context.folder, 'many'), 10_000, 10_240);
    const comparison = await hash('10,000 files of 10 KiB', context, path);
    return { comparisons: [comparison], targets: targets(comparison, 0.7) };
  },
};
