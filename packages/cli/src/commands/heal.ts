import { hasErrors } from '@holdfast/manifest';
import { heal as healAll } from '@holdfast/pinning';
import { listsOf } from '../content/find-list.ts';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { isKept, openDueNames } from '../names/due-names.ts';
import { nameText } from '../names/name-text.ts';
import { routerFlags } from '../names/router-flags.ts';
import { desiredDatasets } from '../pinning/desired-datasets.ts';
import { applyFlags, applyOptions, withTarget } from '../pinning/pin-run.ts';
import { resultShape } from '../pinning/pin-shape.ts';
import { resultText, shortfalls } from '../pinning/pin-text.ts';
import { proofShape, provedText, repairShape, sickLines } from '../pinning/proof-text.ts';
import { proveFlags, withProver } from '../pinning/prove-flags.ts';

const unproved = { proofs: [], repairs: [], left: [] } as const;

export const heal = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: { ...applyFlags, ...proveFlags, ...routerFlags },
  about:
    'Checks every dataset of the last commit, retries what failed, and asks other peers in place of dead ones. Peers that say pinned are asked to show blocks of their copy: one that cannot is replaced, and repaired. If there are too few peers, it makes the copies it can and reports the rest. With routers it also keeps the names of the policy alive, and moves each to the latest version that has its copies. Safe to run on a schedule.',
  examples: [
    { about: 'from cron or a systemd timer', command: 'holdfast heal --quiet --timeout 1h' },
    {
      about: 'with the names, over the router of each node',
      command: 'ROUTERS="http://10.0.0.1:8080 http://10.0.0.2:8080" holdfast heal --quiet',
    },
    { about: 'a report for a dashboard', command: 'holdfast heal --json' },
  ],
  resume: 'finished repairs stay; run the same command again for the rest',
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const options = applyOptions(flags, tools);
      const desired = await desiredDatasets(
        operands,
        flags,
        { target, findList: listsOf({ target }, tools) },
        tools,
      );
      const { owner, requests, problems, sources } = desired;
      // Before the copies, which may take long: a key that cannot be opened is said at once.
      const names = operands.length === 0 ? await openDueNames(desired, flags, tools) : undefined;
      const healing = {
        owner,
        withdrawn: flags['on-withdraw'] === 'unpin' ? desired.withdrawn : [],
        ...options,
      };
      const prove = (flags.prove ?? 'auto') as 'off' | 'auto' | 'require';
      const { applied, items, proofs, repairs, left } =
        prove === 'off'
          ? { ...(await healAll(requests, target, healing)), ...unproved }
          : await withProver(target, flags, { commit: desired.commit }, tools, async (prover) => {
              const { healProved } = await import('@holdfast/datasets/proof');
              return healProved(requests, target, { ...healing, prove, prover });
            });
      const { outcome, satisfied, degraded, failed, results, ended } = applied;
      const followed = (await names?.follow(results)) ?? [];
      const isWell = outcome === 'satisfied' && !hasErrors(problems) && followed.every(isKept);
      return {
        exitCode: isWell ? exitCode.ok : exitCode.problems,
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
          proofs: proofs.map(proofShape),
          repairs: repairs.map(repairShape),
          unproved: left,
          names: followed,
        },
        problems,
        sources,
        quiet: shortfalls(results),
        text: (paint) =>
          [
            ...results
              .filter((result) => result.step !== 'keep' || result.outcome !== 'satisfied')
              .map((result) => resultText(result, paint)),
            ...sickLines(proofs, repairs, paint),
            ...followed
              .filter(({ outcome }) => outcome !== 'current')
              .map((result) => nameText(result, paint)),
            ...(proofs.length > 0 ? [provedText(proofs, left)] : []),
            `${satisfied} satisfied, ${degraded} degraded, ${failed} failed`,
          ].join('\n'),
      };
    }),
});
