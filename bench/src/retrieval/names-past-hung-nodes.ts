import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { generateKey } from '@holdfast/manifest';
import { createNames, type NameNode } from '@holdfast/retrieval';
import { startKubo } from '@holdfast/testkit';
import type { Benchmark, Target } from '../harness/benchmark.ts';
import { median, p95 } from '../harness/statistics.ts';

const values = [
  '/ipfs/bafkqaaa',
  '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq',
] as const;

/** Five real Kubo nodes, of which some are stopped in the middle and keep their connections. */
export const namesPastHungNodes: Benchmark = {
  name: 'names-past-hung-nodes',
  says: 'publishing and resolving a name over five nodes of which some hang',
  quick: false,
  run: async ({ runs, log, onCleanup }) => {
    const kubo = await startKubo({ nodes: 5, routing: 'dht' });
    onCleanup(() => kubo.close());
    const nodes = kubo.nodes.map(({ gateway }): NameNode => ({ kind: 'router', url: gateway }));
    const signal = async (kind: NodeJS.Signals, count: number) => {
      const pids = kubo.nodes.slice(0, count).flatMap(({ pid }) => pid ?? []);
      for (const pid of pids) process.kill(pid, kind);
      // A thread of a node may answer one more request before all of them have stopped.
      if (kind === 'SIGSTOP') for (const pid of pids) await stopped(pid);
    };
    onCleanup(() => signal('SIGCONT', nodes.length));
    const names = createNames(nodes);
    onCleanup(async () => names.stop());
    const key = generateKey();
    const { name } = await names.publish({ value: values[0], ttlMs: 0 }, key);

    const measure = async (
      what: string,
      hung: number,
      once: (run: number) => Promise<unknown>,
      count = runs,
    ) => {
      await signal('SIGSTOP', hung);
      const times: number[] = [];
      for (let run = 0; run < count; run++) times.push(await secondsOf(() => once(run)));
      await signal('SIGCONT', hung);
      log(`${what}: ${times.map((time) => time.toFixed(3)).join(', ')} s`);
      return times;
    };
    const published = await measure('publish, one hangs', 1, (run) =>
      names.publish({ value: values[(run + 1) % 2] ?? values[0], ttlMs: 0 }, key),
    );
    const resolved = await measure('resolve, two hang', 2, () => names.resolve(name), 40);
    const refused = await measure('resolve, all hang', 5, () =>
      createNames(nodes)
        .resolve(name)
        .then(unexpected, () => {}),
    );
    return {
      comparisons: [],
      targets: [
        seconds('publish while one of five hangs', 1, median(published)),
        seconds('resolve while two of five hang, p95', 0.5, p95(resolved)),
        seconds('say that all five hang', 2, median(refused)),
      ],
    };
  },
};

function seconds(name: string, limit: number, seen: number): Target {
  return { name, limit, sense: 'at-most', seen, unit: 's' };
}

async function stopped(pid: number): Promise<void> {
  for (let look = 0; look < 100; look++) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // Only Linux says it.
    if (stat === undefined) return void (await pause(100));
    if (/\) T /.test(stat)) return;
    await pause(10);
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function unexpected(): never {
  throw new Error('expected no answer while all nodes hang');
}
