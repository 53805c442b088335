import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findEngine } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { type Comparison, compare, type Side } from '../harness/compare.ts';
import { memoryTarget, ratioTo, timeTarget } from '../harness/targets.ts';
import { makeFile, makeFolder, makeMixedTree } from './make-input.ts';

const profile = 'unixfs-v1-2025';
const script = fileURLToPath(new URL('hash-holdfast.mjs', import.meta.url));
export const toKubo = 'ipfs add --only-hash';
const toOpenssl = 'openssl dgst -sha256';
const memoryLimit = 250;

export async function kubo(context: BenchmarkContext, path: string): Promise<Side> {
  const binary = await findEngine('kubo');
  const env = { IPFS_PATH: join(context.folder, 'kubo') };
  await promisify(execFile)(binary, ['init', `--profile=test,${profile}`, '--empty-repo'], {
    env: { ...process.env, ...env },
  });
  const argv = [binary, 'add', '-r', '--only-hash', '-Q', '--progress=false', path];
  return { label: toKubo, command: { argv, env } };
}

/** The floor: every file read and hashed once, on all cores. `find` names a file that is given as it is. */
function sha256sum(path: string): Side {
  const argv = ['sh', '-c', 'find "$0" -type f -print0 | xargs -0 -n 256 -P "$(nproc)" sha256sum', path];
  return { label: 'sha256sum', command: { argv } };
}

/** The floor of one big file: its bytes hashed once, in one stream, with whatever the processor has for SHA-256. */
function openssl(path: string): Side {
  return { label: toOpenssl, command: { argv: ['openssl', 'dgst', '-sha256', '-r', path] } };
}

async function hash(
  name: string,
  context: BenchmarkContext,
  path: string,
  floors: readonly Side[] = [],
): Promise<Comparison> {
  const ours: Side = {
    label: 'holdfast, with every SHA-256',
    command: { argv: [context.node, script, path, profile] },
  };
  return compare(name, [ours, await kubo(context, path), sha256sum(path), ...floors], {
    runs: context.runs,
    warmups: 1,
    agree: ([ours = '', kubo = '', ...sums]) => {
      for (const each of sums) {
        const theirs = `${kubo.trim()} ${digestOf(each)}`;
        if (ours.trim() !== theirs)
          throw new Error(`expected the CID and digests ${theirs}, got ${ours.trim()}`);
      }
    },
    onRun: (label, seconds) => context.log(`${label}: ${seconds.toFixed(2)} s`),
  });
}

/** One digest over those of `sha256sum` (or of openssl, which writes the same), whose lines come in any order. */
function digestOf(sums: string): string {
  const lines = sums.trim().split('\n');
  const byPath = lines.map((line) => [line.slice(66), line.slice(0, 64)] as const);
  byPath.sort(([a], [b]) => (a < b ? -1 : 1));
  const all = createHash('sha256');
  for (const [, sha256] of byPath) all.update(`${sha256}\n`);
  return all.digest('hex');
}

export const hashBigFile: Benchmark = {
  name: 'hash-big-file',
  says: 'one file of 1 GiB to its CID and SHA-256, against the CID alone from Kubo, and the SHA-256 alone from openssl and sha256sum',
  quick: false,
  run: async (context) => {
    const mebibytes = context.quick ? 128 : 1024;
    const path = await makeFile(join(context.folder, 'big.bin'), mebibytes);
    const comparison = await hash(`one file of ${mebibytes} MiB`, context, path, [openssl(path)]);
    const floor = ratioTo(comparison, toKubo).wall / ratioTo(comparison, toOpenssl).wall;
    const notes = [
      `One SHA-256 over the whole file cannot be split over cores: its time alone is the floor of our side. In this run openssl took ${floor.toFixed(2)} of Kubo's time for nothing but that.`,
    ];
    const targets = [timeTarget(comparison, toKubo, 0.5), memoryTarget(comparison, memoryLimit)];
    return { comparisons: [comparison], targets, notes };
  },
};

export const hashManyFiles: Benchmark = {
  name: 'hash-many-files',
  says: '10,000 files of 10 KiB to a root CID and their SHA-256s, against the root CID alone from Kubo',
  quick: true,
  run: async (context) => {
    const path = await makeFolder(join(context.folder, 'many'), 10_000, 10_240);
    const comparison = await hash('10,000 files of 10 KiB', context, path);
    return {
      comparisons: [comparison],
      targets: [timeTarget(comparison, toKubo, 0.7), memoryTarget(comparison, memoryLimit)],
    };
  },
};

export const hashMixedTree: Benchmark = {
  name: 'hash-mixed-tree',
  says: 'a tree of 2,000 files from 1 KiB to 10 MiB and one of 256 MiB, against Kubo',
  quick: false,
  run: async (context) => {
    const path = await makeMixedTree(join(context.folder, 'mixed'), context.quick ? 32 : 256);
    const comparison = await hash('a mixed tree', context, path);
    const targets = [timeTarget(comparison, toKubo, 1), memoryTarget(comparison, memoryLimit)];
    return {
      comparisons: [comparison],
      targets,
      notes: [
        'No issue names a limit for it: no slower. Half of its bytes are in files of several chunks, which are hashed twice.',
      ],
    };
  },
};
