import { join } from 'node:path';
import type { Benchmark } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';
import { median } from '../harness/statistics.ts';
import { ratioTo } from '../harness/targets.ts';

const script = join(import.meta.dirname, 'verify-signatures.mjs');

interface Said {
  readonly accepted: number;
  readonly seconds: number;
}

/** The loop's own time counts: a process starts longer than it verifies. */
export const verifySignatures: Benchmark = {
  name: 'verify-signatures',
  says: 'strict Ed25519 over messages of 2.5 kB under one key, against noble alone and the runtime alone',
  quick: true,
  run: async ({ node, quick, runs }) => {
    const count = quick ? 300 : 1000;
    const sides = ['holdfast', 'noble', 'native'].map((label) => ({
      label,
      command: { argv: [node, script, label, String(count)] },
    }));
    const comparison = await compare(`${count} signatures`, sides, {
      runs,
      warmups: 1,
      inner: (stdout) => (JSON.parse(stdout) as Said).seconds,
      agree: (outputs) => {
        for (const output of outputs) {
          const { accepted } = JSON.parse(output) as Said;
          if (accepted !== count * 0.9)
            throw new Error(`expected ${count * 0.9} sound signatures, got ${accepted}`);
        }
      },
    });
    const toNative = ratioTo(comparison, 'native').inner ?? Number.NaN;
    return {
      comparisons: [comparison],
      targets: [
        {
          name: "strict Ed25519: times noble's rate",
          limit: 8,
          sense: 'at-least',
          seen: 1 / (ratioTo(comparison, 'noble').inner ?? Number.NaN),
          unit: '×',
        },
      ],
      notes: [
        `One signature (median): ${comparison.sides.map(({ label, inner }) => `${label} ${((median(inner) / count) * 1e6).toFixed(0)} µs`).join(', ')}; ours to the native verifier alone ${toNative.toFixed(2)}.`,
        'The native verifier alone is no choice: it accepts keys that the strict profile refuses.',
      ],
    };
  },
};
