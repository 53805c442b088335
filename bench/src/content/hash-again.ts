import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { compare, type Side } from '../harness/compare.ts';
import { measure } from '../harness/measure.ts';
import { memoryTarget, timeTarget } from '../harness/targets.ts';
import { findPython } from '../manifest/python-peer.ts';
import { kubo, toKubo } from './hash-folder.ts';
import { block, makeFolder } from './make-input.ts';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('hash-again-holdfast.mjs', import.meta.url));
const peers = fileURLToPath(new URL('../../peers/dvc.txt', import.meta.url));
const size = 32_768;
const changed = 10;
const firstTime = 'holdfast, the first time';
const toDvc = 'dvc add';
const toAnnex = 'git annex add';

/** Writes other bytes into ten files, spread over the tree. */
function changeTen(folder: string, count: number): () => Promise<void> {
  let round = 0;
  return async () => {
    round += 1;
    for (let i = 0; i < changed; i++) {
      const index = Math.floor((i * count) / changed);
      const name = `${String(Math.floor(index / 100)).padStart(4, '0')}/${String(index).padStart(6, '0')}.bin`;
      await writeFile(join(folder, name), block(size, count + round * changed + i));
    }
  };
}

/** A repository of DVC with the tree added, and the command that adds it again. */
async function dvc(tree: string, count: number, context: BenchmarkContext): Promise<Side | undefined> {
  const python = await findPython({ install: !context.quick, list: peers });
  if (python === undefined) return undefined;
  const repository = join(context.folder, 'dvc');
  const data = join(repository, 'data');
  await cp(tree, data, { recursive: true });
  const env = { DVC_NO_ANALYTICS: '1', PATH: `${dirname(python)}:${process.env.PATH}` };
  const binary = join(dirname(python), 'dvc');
  await execute(binary, ['init', '--no-scm', '-q', repository], { env: { ...process.env, ...env } });
  // Changed files are written in place, so they must not share their bytes with the cache: DVC's default.
  const argv = [binary, '--cd', repository, 'add', '-q', 'data'];
  await measure({ argv, env });
  return { label: toDvc, command: { argv, env }, prepare: changeTen(data, count) };
}

/** A repository of git-annex with the tree added, unlocked, so that its files can be written in place. */
async function annex(tree: string, count: number, context: BenchmarkContext): Promise<Side | undefined> {
  try {
    await execute('git-annex', ['version', '--raw']);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
  const repository = join(context.folder, 'annex');
  const data = join(repository, 'data');
  await cp(tree, data, { recursive: true });
  const git = (...args: string[]) => execute('git', ['-C', repository, ...args], { maxBuffer: 1 << 30 });
  await git('init', '-q', '.');
  await git('config', 'user.name', 'bench');
  await git('config', 'user.email', 'bench@example.org');
  await git('annex', 'init', '--quiet', 'bench');
  await git('config', 'annex.addunlocked', 'true');
  const argv = ['git', '-C', repository, 'annex', 'add', '--quiet', '.'];
  await measure({ argv });
  return { label: toAnnex, command: { argv }, prepare: changeTen(data, count) };
}

export const hashAgain: Benchmark = {
  name: 'hash-again',
  says: 'the second version of a tree in which ten files changed, against the first time, and against what DVC, git-annex and Kubo take for it',
  quick: true,
  run: async (context) => {
    const count = context.quick ? 5_000 : 100_000;
    const tree = await makeFolder(join(context.folder, 'tree'), count, size);
    const cache = join(context.folder, 'cache');
    // A file that was made just now is not remembered.
    await pause(2_500);
    await measure({ argv: [context.node, script, tree, cache] });
    const ours: Side = {
      label: 'holdfast, ten files changed',
      command: { argv: [context.node, script, tree, cache] },
      prepare: changeTen(tree, count),
    };
    const first: Side = { label: firstTime, command: { argv: [context.node, script, tree] } };
    const others = [await dvc(tree, count, context), await annex(tree, count, context)];
    const found = others.filter((side) => side !== undefined);
    const sides = [ours, first, await kubo(context, tree), ...found];
    const comparison = await compare(`${count} files of 32 KiB, ten changed`, sides, {
      runs: context.runs,
      warmups: 1,
      agree: ([again = '', once = '', other = '']) => {
        if (again.trim() !== once.trim() || once.trim() !== other.trim())
          throw new Error(`expected one root, got ${again.trim()}, ${once.trim()} and ${other.trim()}`);
      },
      onRun: (label, seconds) => context.log(`${label}: ${seconds.toFixed(2)} s`),
    });
    const missing = [toDvc, toAnnex].filter((label) => !found.some((side) => side.label === label));
    return {
      comparisons: [comparison],
      targets: [
        // To begin at all costs as much as a few thousand files.
        timeTarget(comparison, firstTime, context.quick ? 1 : 0.15),
        ...(missing.includes(toDvc) ? [] : [timeTarget(comparison, toDvc, 0.5)]),
        memoryTarget(comparison, 400),
      ],
      notes: [
        `Kubo (${toKubo}) remembers nothing and reads every file. DVC and git-annex copy what changed into their stores as well.`,
        ...missing.map((label) => `${label} is not installed and was left out.`),
      ],
    };
  },
};
