import { hasErrors } from '@holdfast/manifest';
import { applyPlan, type PinTarget } from '@holdfast/pinning';
import { cidsOf } from '../content/cid-operand.ts';
import { listsOf } from '../content/find-list.ts';
import { defineCommand, type Tools, type Values } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { cidFlags, desiredCids, refuseCidFlags } from '../pinning/desired-cids.ts';
import { type DesiredDatasets, desiredDatasets } from '../pinning/desired-datasets.ts';
import { applyFlags, applyOptions, planFor, withTarget } from '../pinning/pin-run.ts';
import { resultShape, stepShape } from '../pinning/pin-shape.ts';
import { planText, resultText, shortfalls } from '../pinning/pin-text.ts';
import { movedSince, planMoved, readPlan, type SavedPlan } from '../pinning/saved-plan.ts';

export const pin = defineCommand({
  operands: '[FILE|CID…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: {
    ...applyFlags,
    ...cidFlags,
    'dry-run': { type: 'boolean', about: 'show the plan and change nothing' },
    plan: {
      type: 'string',
      value: 'FILE',
      about: 'do what holdfast plan --out saved; refused where something else would be done by now',
    },
  },
  about:
    'Without files, pins every manifest of the last commit. Pins only manifests that are valid and trusted, and changes only pins of the same owner. A CID is pinned for its own sake, with the copies of --tier: nobody signed for it. Run it again to do what is still missing.',
  examples: [
    {
      about: 'the whole repository',
      command: 'CLUSTER_URL=https://cluster.example.org:9094 holdfast pin',
    },
    {
      about: 'one manifest, to as many copies as its tier allows',
      command: 'holdfast pin manifests/tides-v1.0.0.json --wait max --timeout 2h',
    },
    {
      about: 'content that a script has made, by its CID',
      command:
        'holdfast pin bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi --tier standard --name nightly',
    },
  ],
  resume: 'finished pins stay; run the same command again for the rest',
  run: async ({ operands, flags }, tools) => {
    const saved = flags.plan === undefined ? undefined : await planNamed(flags.plan, operands, flags, tools);
    return withTarget(flags, tools, async (target) => {
      const options = applyOptions(flags, tools);
      const desired = await desiredOf(saved?.files ?? operands, flags, target, tools);
      const plan = await planFor(desired, target, saved ? { 'on-withdraw': saved.onWithdraw } : flags, tools);
      const moved = saved ? movedSince(saved, plan, target.label) : [];
      if (saved && moved.length > 0) throw planMoved(flags.plan ?? '', saved, moved);
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
              ? ['--timeout reached: run the same command again, or with a longer --timeout']
              : []),
          ].join('\n'),
      };
    });
  },
});

/** Manifests, or content that is named by its CID alone. */
async function desiredOf(
  operands: readonly string[],
  flags: Values<typeof applyFlags> & Values<typeof cidFlags>,
  target: PinTarget,
  tools: Tools,
): Promise<DesiredDatasets> {
  const cids = cidsOf(operands);
  if (cids.length > 0) return desiredCids(cids, flags, target, tools);
  refuseCidFlags(flags);
  return desiredDatasets(operands, flags, { target, findList: listsOf({ target }, tools) }, tools);
}

/** What a saved plan was made of is in it: anything else beside it would be another plan. */
async function planNamed(
  path: string,
  operands: readonly string[],
  flags: { readonly 'on-withdraw': string | undefined },
  { cwd }: Tools,
): Promise<SavedPlan> {
  const beside = operands.length > 0 ? 'manifests' : flags['on-withdraw'] && '--on-withdraw';
  if (beside)
    throw new Misuse(
      `--plan takes no ${beside} beside it: the plan says what it is for`,
      'leave one of them out, or plan again with holdfast plan --out FILE',
    );
  return readPlan(cwd, path);
}

/** The members that only a run fills in. */
const notRun = { outcome: null, satisfied: 0, degraded: 0, failed: 0, ended: null, results: [] };
