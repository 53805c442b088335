import { hasErrors } from '@holdfast/manifest';
import { isChange, summarize } from '@holdfast/pinning';
import { exitCode } from '../exit-code.ts';
import { planFlags, planFor, withTarget } from '../pin-run.ts';
import { stepShape } from '../pin-shape.ts';
import { planText } from '../pin-text.ts';
import { printable } from '../printable.ts';
import { defineVerb } from '../verb.ts';
import { wishesOf } from '../wishes.ts';

export const plan = defineVerb({
  name: 'plan',
  summary: 'show what pin would do, and change nothing',
  operands: '[FILE…]',
  arity: [0, 10_000],
  flags: planFlags,
  about: 'Without files: every manifest of the last commit.',
  examples: [
    {
      about: 'the whole repository',
      command: 'HOLDFAST_CLUSTER_URL=https://cluster.example.org:9094 holdfast plan',
    },
    {
      about: 'one manifest',
      command: 'holdfast plan manifests/tides-v1.0.0.json --cluster http://127.0.0.1:9094',
    },
  ],
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const wishes = await wishesOf(operands, flags, tools);
      const plan = await planFor(wishes, target, flags, tools);
      const { adds, bytes } = summarize(plan);
      return {
        exitCode: hasErrors(wishes.problems) ? exitCode.problems : exitCode.ok,
        result: {
          target: target.label,
          owner: wishes.owner,
          changes: plan.steps.filter(isChange).length,
          adds,
          bytes,
          steps: plan.steps.map(stepShape),
        },
        problems: wishes.problems,
        sources: wishes.sources,
        quiet: plan.steps
          .filter(isChange)
          .map(({ kind, name }) => `${kind} ${printable(name)}`)
          .join('\n'),
        text: (paint) =>
          `${paint.dim(`${printable(target.label)}, for ${printable(wishes.owner)}`)}\n${planText(plan, paint)}`,
      };
    }),
});
