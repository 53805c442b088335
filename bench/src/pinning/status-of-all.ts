import { join } from 'node:path';
import type { Benchmark, Outcome } from '../harness/benchmark.ts';
import { compare, type Side } from '../harness/compare.ts';
import { startPinset } from './status-of-all-server.ts';

/** Every pin of a cluster with its terms and its copies: two streams that have to be joined. */
export const statusOfAll: Benchmark = {
  name: 'status-of-all',
  says: 'a pinset of 100,000 read with what is wanted and what is so: Holdfast, fetch with all of it in memory',
  quick: true,
  run: async ({ node, quick, runs, log, onCleanup }): Promise<Outcome> => {
    const count = quick ? 20_000 : 100_000;
    const pinset = await startPinset(count);
    onCleanup(pinset.close);
    const sides: Side[] = ['holdfast', 'fetch'].map((label) => ({
      label,
      command: { argv: [node, join(import.meta.dirname, `status-of-all-${label}.mjs`), pinset.url] },
    }));
    const comparison = await compare(`${count} pins on 3 peers`, sides, {
      runs,
      warmups: 1,
      agree: (outputs) => {
        for (const output of outputs) {
          const { pins, copies } = JSON.parse(output) as { pins: number; copies: number };
          if (pins !== count || copies !== 3 * count)
            throw new Error(`expected ${count} pins, saw ${output}`);
        }
      },
      onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
    });
    const peak = Math.max(
      ...comparison.sides.flatMap((side) =>
        side.label === 'holdfast' ? side.samples.map((it) => it.peakBytes) : [],
      ),
    );
    return {
      comparisons: [comparison],
      targets: [
        {
          name: `peak memory of the whole process, ${count} pins`,
          limit: 150,
          sense: 'at-most',
          seen: peak / 2 ** 20,
          unit: 'MiB',
        },
      ],
    };
  },
};
