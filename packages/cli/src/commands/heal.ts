import { hasErrors } from '@holdfast/manifest';
import { heal as healAll } from '@holdfast/pinning';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { desiredDatasets } from '../pinning/desired-datasets.ts';
import { applyFlags, applyOptions, withTarget } from '../pinning/pin-run.ts';
import { resultShape } from '../pinning/pin-shape.ts';
import { resultText, shortfalls } from '../pinning/pin-text.ts';

export const heal = defineCommand({
  operands: '[FILE…]',
  arity: [0, 10_000],
  flags: applyFlags,
  about:
    'Checks every dataset of the last commit, retries what failed, and asks other peers in place of dead ones. If there are too few peers, it makes the copies it can and reports the rest. Safe to run on a schedule.',
  examples: [
    { about: 'from cron or a systemd timer', command: 'holdfast heal --quiet --timeout 1h' },
    { about: 'a report for a dashboard', command: 'holdfast heal --json' },
  ],
  resume: 'finished repairs stay; run the same command again for the rest',
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const options = applyOptions(flags, tools);
      const desired = await desiredDatasets(operands, flags, tools);
      const { owner, requests, problems, sources } = desired;
      const { applied, items } = await healAll(requests, target, {
        owner,
        withdrawn: flags['on-withdraw'] === 'unpin' ? desired.withdrawn : [],
        ...options,
      });
      const { outcome, satisfied, degraded, failed, results, ended } = applied;
      return {
        exitCode: outcome === 'satisfied' && !hasErrors(problems) ? exitCode.ok : exitCode.problems,
        result: {
          target: target.label,
          owner,
          outcome,
          satisfied,
          degraded,
          failed,
          ended,
          results: results.map((result, index) => ({
            ...resultShape(result),
            copiesBefore: items[index]?.before.copies ?? null,
            copiesAfter: items[index]?.after.copies ?? null,
          })),
        },
        problems,
        sources,
        quiet: shortfalls(results),
        text: (paint) =>
          [
            ...results
              .filter((result) => result.step !== 'keep' || result.outcome !== 'satisfied')
              .map((result) => resultText(result, paint)),
            `${satisfied} satisfied, ${degraded} degraded, ${failed} failed`,
          ].join('\n'),
      };
    }),
});
