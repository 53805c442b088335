import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOf, type CopySource, proveCopies } from '@holdfast/retrieval/proof';
import { type KuboNode, startKubo, type TestKubo } from '@holdfast/testkit';
import type { Benchmark } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';
import { memoryTarget, ratioTo, sameOutput } from '../harness/targets.ts';

const count = 1_000;
const filesEach = 20;
const fileBytes = 8_192;
const seed = 'benchmark';

/** 16 places of each of 1,000 datasets on three real nodes: over bitswap, and the same blocks over each node's RPC. */
export const proveCopiesOfMany: Benchmark = {
  name: 'prove-copies',
  says: `16 draws from each of ${count} datasets on three Kubo nodes, over bitswap and over their RPC`,
  quick: false,
  run: async ({ folder, node, runs, log, onCleanup }) => {
    const kubo = await startKubo({ nodes: 3 });
    onCleanup(() => kubo.close());
    const cids = await datasets(kubo);
    log(`${count} datasets of ${filesEach} files are on three nodes`);
    const nodes = kubo.nodes.map(({ id, address, api }) => ({ id, address, api }));
    const reads = await Promise.all(kubo.nodes.map((each) => readsFrom(each, cids)));
    const work = join(folder, 'work.json');
    await writeFile(work, JSON.stringify({ nodes, cids, seed, reads }));
    const sides = ['holdfast', 'rpc'].map((label) => ({
      label,
      command: { argv: [node, join(import.meta.dirname, `prove-copies-${label}.mjs`), work] },
    }));
    const comparison = await compare(`${reads.flat().length} blocks of ${count} datasets`, sides, {
      runs,
      warmups: 1,
      agree: sameOutput,
      onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
    });
    const ratio = ratioTo(comparison, 'rpc');
    return {
      comparisons: [comparison],
      targets: [
        {
          name: 'whole process to the same reads over RPC',
          limit: 2,
          sense: 'at-most',
          seen: ratio.wall,
          unit: '×',
        },
        memoryTarget(comparison, 200),
      ],
    };
  },
};

async function datasets(kubo: TestKubo): Promise<string[]> {
  const cids: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      const files = Array.from(
        { length: filesEach },
        (_, i) => [`${i}.bin`, randomBytes(fileBytes)] as const,
      );
      const cid = await kubo.addContent(Object.fromEntries(files));
      cids.push(cid);
      for (const other of kubo.nodes.slice(1)) await other.rpc('pin/add', { arg: cid });
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return cids;
}

/** The blocks that the draw of one node asks for, the root of each first. */
async function readsFrom({ id, api }: KuboNode, cids: readonly string[]): Promise<string[]> {
  const reads: string[] = [];
  const source: CopySource = {
    async read(cid, { signal }) {
      reads.push(cid);
      const answer = await fetch(`${api}/api/v0/block/get?arg=${cid}&offline=true`, {
        method: 'POST',
        signal,
      });
      return answerOf(cid, new Uint8Array(await answer.arrayBuffer()));
    },
  };
  for (const cid of cids) await proveCopies(cid, [{ peer: id, source }], { seed, blocks: 16 });
  return reads;
}
