import { hasErrors } from '@holdfast/manifest';
import { count } from '@holdfast/manifest/text';
import { distributionOf } from '@holdfast/pinning/internal';
import { listsOf } from '../content/find-list.ts';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { plotSvg, plotText } from '../pinning/distribution-plot.ts';
import { withTarget } from '../pinning/pin-run.ts';
import { targetFlags } from '../pinning/target-flags.ts';

export const distribution = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: {
    ...targetFlags,
    ...datasetFlags,
    everything: {
      type: 'boolean',
      about: 'all that the target keeps, whoever pinned it; sizes are not known then',
    },
    svg: { type: 'string', value: 'FILE', about: 'write the plot as a picture as well' },
  },
  about:
    'Adds up which peer and which region keeps how many copies, and how many bytes: a bar for each peer, region by region. Without operands, looks at every manifest of the last commit. Changes nothing.',
  examples: [
    { about: 'over all targets of the targets file', command: 'holdfast distribution --target all' },
    {
      about: 'as a picture for a page',
      command: 'holdfast distribution --svg distribution.svg --cluster-url http://127.0.0.1:9094',
    },
  ],
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const { signal } = tools;
      const findList = listsOf({ target }, tools);
      const desired = flags.everything
        ? undefined
        : await desiredDatasets(operands, flags, { target, findList }, tools);
      const sizes = new Map(desired?.requests.map(({ cid, totalSize }) => [cid, totalSize]));
      const info = await target.inspect({ signal });
      const states = target.observe(desired && [...sizes.keys()], { signal });
      const found = await distributionOf(states, info, (cid) => sizes.get(cid));
      const { peers, regions, copies, bytes, unsized, unevenness } = found;
      if (flags.svg !== undefined)
        await writeWhole(fromCwd(tools.cwd, flags.svg), plotSvg(found, target.label));
      const problems = desired?.problems ?? [];
      const times = `the fullest peer keeps ${unevenness.toFixed(1)} times the mean`;
      return {
        exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
        result: {
          target: target.label,
          copies,
          bytes,
          unsized,
          unevenness,
          regions: regions.map(({ region = null, ...load }) => ({ region, ...load })),
          peers: peers.map(({ name = null, region = null, freeSpace = null, ...peer }) => ({
            ...peer,
            name,
            region,
            freeSpace,
          })),
          svg: flags.svg ?? null,
        },
        problems,
        ...(desired && { sources: desired.sources }),
        quiet: times,
        text: (paint) => [plotText(found, paint), `${count(copies, 'copy', 'copies')}; ${times}`].join('\n'),
      };
    }),
});
