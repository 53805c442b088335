import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext } from '../harness/benchmark.ts';
import { type Comparison, compare } from '../harness/compare.ts';
import { growth, linearTarget } from '../harness/growth.ts';
import { median } from '../harness/statistics.ts';
import { memoryTarget, ratioTo } from '../harness/targets.ts';
import { startPinsetServer } from './pinset-server.ts';

const targets = 3;
const peers = [
  '12D3KooWLRY9Ta8Px6d9SZNMW1ikNqv7PACFYA5ez7TLiDmLwFcL',
  '12D3KooWEvrft8nw8c5kL664hHmrBQkT1kQAtRjUSde4yhQgw8FU',
  '12D3KooWAFcyA6y6DDuPiJfVGqUH79vSracd9aDeuHeWWbe8v4h7',
];

/** New pins over three targets as one, from the first look to the last answer; nobody has the content, so no copy is waited for. */
export const submitToGroup: Benchmark = {
  name: 'submit-to-group',
  says: '10,000 pins to three clusters as one, beside a bare concurrent loop; 100,000 to three pinsets in memory',
  quick: false,
  run: async (context) => {
    const beside = await besideLoop(context);
    const { comparisons, points } = await grownTo(100_000, context);
    const grown = growth('submit pins to a group', points);
    const [largest] = comparisons.slice(-1) as [Comparison];
    return {
      comparisons: [beside, ...comparisons],
      growth: [grown],
      targets: [
        {
          name: '10,000 pins: time to submit to that of a bare concurrent loop',
          limit: 1.2,
          sense: 'at-most',
          seen: ratioTo(beside, 'loop').inner ?? Number.NaN,
          unit: '×',
        },
        memoryTarget(largest, 200),
        { ...linearTarget(grown), limit: 1.1 },
      ],
      notes: [
        'The pinsets of the 100,000 are served from memory: three clusters would be measured, not who asks.',
        'The 100,000 are planned and asked for 4,000 at a time. The bare loop beside them holds nothing but requests on their way: what it takes is what Node takes for HTTP.',
      ],
    };
  },
};

/** Each run has clusters of its own: they get slower with what they have. */
async function besideLoop({ folder, node, runs, log, onCleanup }: BenchmarkContext): Promise<Comparison> {
  let clusters: readonly TestCluster[] = [];
  const close = () => Promise.all(clusters.map((cluster) => cluster.close()));
  onCleanup(() => close().then(() => {}));
  const work = join(folder, 'urls.json');
  const prepare = async () => {
    await close();
    clusters = await Promise.all(
      Array.from({ length: targets }, () => startCluster({ peers: 1, concurrentPins: 1 })),
    );
    await writeFile(work, JSON.stringify(clusters.flatMap(({ urls }) => urls)));
  };
  const sides = sidesFor(node, 10_000, work).map((side) => ({ ...side, prepare }));
  return compare('10,000 pins to three clusters', sides, {
    runs,
    warmups: 0,
    agree,
    inner: (stdout) => (JSON.parse(stdout) as { seconds: number }).seconds,
    onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
  });
}

async function grownTo(most: number, { folder, node, log }: BenchmarkContext) {
  const work = join(folder, 'pinsets.json');
  const comparisons: Comparison[] = [];
  const points: { n: number; cost: number }[] = [];
  for (const n of [1_000, 10_000, most]) {
    const servers = await Promise.all(peers.map(startPinsetServer));
    await writeFile(work, JSON.stringify(servers.map(({ url }) => url)));
    const slices = { label: 'holdfast', command: commandFor(node, 'slices', n, work) };
    const loop = { label: 'loop', command: commandFor(node, 'fetch', n, work) };
    // A pinset has nothing of the CIDs that the side before asked for: each run draws its own.
    const sides = n === most ? [slices, loop] : [slices];
    const options = { runs: n === most ? 1 : 3, warmups: 0, agree };
    const comparison = await compare(`${n} pins to three pinsets in memory`, sides, options);
    await Promise.all(servers.map(({ close }) => close()));
    const cost = median((comparison.sides[0]?.samples ?? []).map(({ wall }) => wall));
    log(`${n}: ${cost.toFixed(2)} s`);
    comparisons.push(comparison);
    points.push({ n, cost });
  }
  return { comparisons, points };
}

function sidesFor(node: string, count: number, work: string) {
  return [
    ['holdfast', 'holdfast'],
    ['loop', 'fetch'],
  ].map(([label = '', script = '']) => ({ label, command: commandFor(node, script, count, work) }));
}

function commandFor(node: string, script: string, count: number, work: string) {
  return { argv: [node, join(import.meta.dirname, `group-submit-${script}.mjs`), String(count), work] };
}

function agree(outputs: readonly string[]): void {
  const counts = outputs.map((output) => (JSON.parse(output) as { submitted: number }).submitted);
  if (new Set(counts).size !== 1) throw new Error(`the sides submitted ${counts.join(' and ')} pins`);
}
