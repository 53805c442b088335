import { hasErrors } from '@holdfast/manifest';
import { applyPlan } from '@holdfast/pinning';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { desiredDatasets } from '../pinning/desired-datasets.ts';
import { applyFlags, applyOptions, planFor, withTarget } from '../pinning/pin-run.ts';
import { resultShape, stepShape } from '../pinning/pin-shape.ts';
import { planText, resultText, shortfalls } from '../pinning/pin-text.ts';

export const pin = defineCommand({
  name: 'pin',
  summary: 'pin datasets with the copies of their tier, and wait for them',
  operands: '[FILE…]',
  arity: [0, 10_000],
  flags: { ...applyFlags, 'dry-run': { type: 'boolean', about: 'show the plan and change nothing' } },
  about:
    'Without files: every manifest of the last commit. Only manifests that are sound and trusted are pinned, and only pins of the same owner are ever changed. Run it again and it does only what is still missing.',
  examples: [
    {
      about: 'the whole repository',
      command: 'CLUSTER_URL=https://cluster.example.org:9094 holdfast pin',
    },
    {
      about: 'one manifest, to as many copies as its tier allows',
      command: 'holdfast pin manifests/tides-v1.0.0.json --wait max --timeout 2h',
    },
  ],
  resume: 'what was pinned stays; run the same command again and it does what is still missing',
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const options = applyOptions(flags, tools);
      const desired = await desiredDatasets(operands, flags, tools);
      const plan = await planFor(desired, target, flags, tools);
      const { problems, sources, owner } = desired;
      const head = { target: target.label, owner, steps: plan.steps.map(stepShape) };
      if (flags['dry-run']) {
        return {
          exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
          result: { ...head, dryRun: true, ...notRun },
          problems,
          sources,
          text: (paint) => planText(plan, paint),
        };
      }
      const report = await applyPlan(plan, target, options);
      const { outcome, satisfied, degraded, failed, results, ended } = report;
      return {
        exitCode: outcome === 'satisfied' && !hasErrors(problems) ? exitCode.ok : exitCode.problems,
        result: {
          ...head,
          dryRun: false,
          outcome,
          satisfied,
          degraded,
          failed,
          ended,
          results: results.map(resultShape),
        },
        problems,
        sources,
        quiet: shortfalls(results),
        text: (paint) =>
          [
            ...results.map((result) => resultText(result, paint)),
            `${satisfied} satisfied, ${degraded} degraded, ${failed} failed`,
            ...(ended === 'deadline'
              ? ['the time was up: run it again, or give it longer with --timeout']
              : []),
          ].join('\n'),
      };
    }),
});

/** The members that only a real run fills. */
const notRun = { outcome: null, satisfied: 0, degraded: 0, failed: 0, ended: null, results: [] };
