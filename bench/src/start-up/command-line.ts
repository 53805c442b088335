import { fileURLToPath } from 'node:url';
import type { Benchmark } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';

const cli = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

export const commandLineStartUp: Benchmark = {
  name: 'command-line-start-up',
  says: '`holdfast --help`, against a Node that does nothing',
  quick: true,
  run: async ({ node, runs }) => {
    const comparison = await compare(
      'holdfast --help',
      [
        { label: 'holdfast --help', command: { argv: [node, cli, '--help'] } },
        { label: 'node -e 0', command: { argv: [node, '-e', '0'] } },
      ],
      { runs: runs * 3, warmups: 2 },
    );
    return {
      comparisons: [comparison],
      targets: [
        {
          name: '`holdfast --help` to a bare `node -e 0`',
          limit: 2.5,
          sense: 'at-most',
          seen: comparison.ratios[0]?.wall ?? Number.NaN,
          unit: '×',
        },
      ],
    };
  },
};
