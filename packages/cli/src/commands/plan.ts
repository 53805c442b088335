import { resolve } from 'node:path';
import { hasErrors } from '@holdfast/manifest';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import { isChange, summarize } from '@holdfast/pinning';
import { listsOf } from '../content/find-list.ts';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { desiredDatasets } from '../pinning/desired-datasets.ts';
import { onWithdraw, planFlags, planFor, withTarget } from '../pinning/pin-run.ts';
import { stepShape } from '../pinning/pin-shape.ts';
import { planText } from '../pinning/pin-text.ts';
import { writePlan } from '../pinning/saved-plan.ts';

export const plan = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: {
    ...planFlags,
    out: { type: 'string', short: 'o', value: 'FILE', about: 'save the plan, for holdfast pin --plan FILE' },
  },
  about: 'Without files, plans every manifest of the last commit. Changes nothing.',
  examples: [
    {
      about: 'the whole repository',
      command: 'CLUSTER_URL=https://cluster.example.org:9094 holdfast plan',
    },
    {
      about: 'look first, then do just that',
      command: 'holdfast plan --out plan.json && holdfast pin --plan plan.json',
    },
    {
      about: 'one manifest',
      command: 'holdfast plan manifests/tides-v1.0.0.json --cluster-url http://127.0.0.1:9094',
    },
  ],
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const desired = await desiredDatasets(
        operands,
        flags,
        { target, findList: listsOf({ target }, tools) },
        tools,
      );
      const plan = await planFor(desired, target, flags, tools);
      const { adds, bytes } = summarize(plan);
      const { out } = flags;
      if (out !== undefined) {
        const facts = { at: tools.clock().toISOString(), target: target.label, files: operands };
        await writePlan(resolve(tools.cwd, out), plan, { ...facts, onWithdraw: onWithdraw(flags) });
      }
      return {
        exitCode: hasErrors(desired.problems) ? exitCode.problems : exitCode.ok,
        result: {
          target: target.label,
          owner: desired.owner,
          changes: plan.steps.filter(isChange).length,
          adds,
          bytes,
          steps: plan.steps.map(stepShape),
          saved: out ?? null,
        },
        problems: desired.problems,
        sources: desired.sources,
        quiet: plan.steps
          .filter(isChange)
          .map(({ kind, name }) => `${kind} ${escapeText(name)}`)
          .join('\n'),
        text: (paint) =>
          [
            paint.dim(`${escapeText(target.label)}, for ${escapeText(desired.owner)}`),
            planText(plan, paint),
            ...(out === undefined ? [] : [`next: holdfast pin --plan ${commandPath(out, 'FILE')}`]),
          ].join('\n'),
      };
    }),
});
