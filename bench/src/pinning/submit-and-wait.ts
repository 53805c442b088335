import { createHash, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine, startCluster, type TestCluster } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext, Outcome } from '../harness/benchmark.ts';
import { type Comparison, compare, type Side } from '../harness/compare.ts';
import { median } from '../harness/statistics.ts';
import type { Done, Work } from './submit-and-wait-work.ts';

const copies = 3;
const count = 300;

/** Pins to a real cluster of three peers, from the first request until every copy is reported. */
export const submitAndWait: Benchmark = {
  name: 'submit-and-wait',
  says: '300 CIDs at three copies each, until all copies exist: Holdfast, @nftstorage/ipfs-cluster, fetch, ipfs-cluster-ctl',
  quick: false,
  run: async (context) => {
    const cluster = await startCluster({ peers: copies });
    context.onCleanup(() => cluster.close());
    return measureOn(cluster, context);
  },
};

async function measureOn(
  cluster: TestCluster,
  { folder, node, runs, log: say }: BenchmarkContext,
): Promise<Outcome> {
  const workFile = join(folder, 'work.json');
  const log = join(folder, 'runs.jsonl');
  const ctl = await findEngine('cluster-ctl');
  const sides: Side[] = ['holdfast', 'nftstorage', 'fetch', 'ctl'].map((label) => ({
    label,
    command: { argv: [node, join(import.meta.dirname, `submit-and-wait-${label}.ts`), workFile] },
    prepare: async () => {
      await emptied(cluster);
      const cids = await freshContent(cluster, count);
      const work: Work = { endpoint: cluster.urls[0] ?? '', cids, copies, ctl, log };
      await writeFile(workFile, JSON.stringify(work));
    },
  }));
  const comparison = await compare(`${count} CIDs, ${copies} copies each`, sides, {
    runs,
    warmups: 1,
    agree: (outputs) => {
      const all = outputs.map((output) => JSON.parse(output) as Done);
      for (const [index, { satisfied }] of all.entries()) {
        if (satisfied !== count)
          throw new Error(`${sides[index]?.label} ended with ${satisfied} of ${count}`);
      }
    },
    onRun: (label, seconds) => say(`${label}: ${seconds.toFixed(2)} s`),
  });
  const done = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Done & { side: string });
  const of = (side: string) => done.filter((each) => each.side === side).slice(-runs);
  const submitted = (side: string) => median(of(side).map((each) => each.submittedMs));
  const looks = median(of('holdfast').map((each) => each.looks));
  return {
    comparisons: [comparison],
    targets: [
      {
        name: "submit rate to that of @nftstorage/ipfs-cluster's loop, in runs that wait for all copies",
        limit: 1.8,
        sense: 'at-least',
        seen: submitted('nftstorage') / submitted('holdfast'),
        unit: '×',
      },
      {
        name: 'wall time to that of a bare concurrent fetch loop, whole wait included',
        limit: 1.2,
        sense: 'at-most',
        seen: wallTo(comparison, 'fetch'),
        unit: '×',
      },
      {
        name: 'requests while waiting to one poll for each CID',
        limit: 0.1,
        sense: 'at-most',
        seen: looks / count,
        unit: '×',
      },
    ],
    notes: [
      'The content is on every node before the clock starts: what is measured is asking and waiting, not bitswap.',
      `Submitted after (median, looking and planning included): ${sides.map(({ label }) => `${label} ${Math.round(submitted(label))} ms`).join(', ')}. How long the copies then take is the engine's: three nodes share this machine.`,
      `Requests while waiting (median): ${sides.map(({ label }) => `${label} ${median(of(label).map((each) => each.looks))}`).join(', ')}.`,
    ],
  };
}

function wallTo(comparison: Comparison, label: string): number {
  const ratio = comparison.ratios.find((each) => each.to === label);
  if (ratio === undefined) throw new Error(`${comparison.name} was not compared to ${label}`);
  return ratio.wall;
}

/** An unpin that is still under way can make the emptying of a node fail. */
async function emptied(cluster: TestCluster): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cluster.clean();
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(500);
    }
  }
}

/** So many small files that nobody has pinned before, on every node. */
async function freshContent(cluster: TestCluster, count: number): Promise<string[]> {
  const run = randomUUID();
  const texts = Array.from({ length: count }, (_, index) => `${run} ${index}`);
  const files = Object.fromEntries(texts.map((text, index) => [`${index}.txt`, text]));
  for (const peer of cluster.peers) await cluster.addContent(files, { on: peer });
  return texts.map(rawCid);
}

/** The CID of one raw block: base32 of version 1, codec raw, SHA-256 and its length. */
function rawCid(text: string): string {
  const bytes = [1, 0x55, 0x12, 0x20, ...createHash('sha256').update(text).digest()];
  const bits = `${bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')}000000`;
  const letters = bits.match(/.{5}/g)?.slice(0, Math.ceil((bytes.length * 8) / 5)) ?? [];
  return `b${letters.map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)]).join('')}`;
}
