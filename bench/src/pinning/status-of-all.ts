import { join } from 'node:path';
import { findEngine } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext, Outcome } from '../harness/benchmark.ts';
import { type Comparison, compare, type Side } from '../harness/compare.ts';
import { memoryTarget, sameOutput } from '../harness/targets.ts';
import { startPinset } from './status-of-all-server.ts';

const summary = `awk '/PINNED/ { copies++ } /^baf/ { pins++ } END { print "{\\"pins\\":" pins ",\\"copies\\":" copies "}" }'`;

/** Every pin of a cluster with its terms and its copies: two streams that have to be joined. */
export const statusOfAll: Benchmark = {
  name: 'status-of-all',
  says: 'pinsets of 10,000 and 100,000 read with what is wanted and what is so, against ipfs-cluster-ctl status, which reads only what is so, and fetch with all of it in memory',
  quick: true,
  run: async (context): Promise<Outcome> => {
    const counts = context.quick ? [10_000] : [10_000, 100_000];
    const comparisons: Comparison[] = [];
    for (const count of counts) comparisons.push(await measureWith(count, context));
    return {
      comparisons,
      targets: comparisons.map((comparison) => memoryTarget(comparison, 150)),
      notes: [
        'The pinset is served from memory by the benchmark: what is measured is the reader. A bare Node has some 40 MiB.',
      ],
    };
  },
};

async function measureWith(
  count: number,
  { node, runs, log, onCleanup }: BenchmarkContext,
): Promise<Comparison> {
  const pinset = await startPinset(count);
  onCleanup(pinset.close);
  const scripts: Side[] = ['holdfast', 'fetch'].map((label) => ({
    label,
    command: { argv: [node, join(import.meta.dirname, `status-of-all-${label}.mjs`), pinset.url] },
  }));
  const host = `/ip4/127.0.0.1/tcp/${new URL(pinset.url).port}`;
  const ctl: Side = {
    label: 'ipfs-cluster-ctl status',
    command: {
      argv: ['sh', '-c', `"$0" --host "$1" status | ${summary}`, await findEngine('cluster-ctl'), host],
    },
  };
  return compare(`${count} pins on 3 peers`, [...scripts, ctl], {
    runs,
    warmups: 1,
    agree: (outputs) => sameOutput([JSON.stringify({ pins: count, copies: 3 * count }), ...outputs]),
    onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
  });
}
