import { hasErrors } from '@holdfast/manifest';
import { count, escapeText } from '@holdfast/manifest/text';
import { type MovedCid, moveCopies } from '@holdfast/pinning';
import { listsOf } from '../content/find-list.ts';
import { defineCommand, type Tools, type Values } from '../frame/command.ts';
import { durationOf, numberOf } from '../frame/duration.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import type { Paint } from '../frame/paint.ts';
import { datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { type OpenTarget, openChoices } from '../pinning/open-target.ts';
import { tell } from '../pinning/pin-run.ts';
import { drawFlags, withProver } from '../pinning/prove-flags.ts';
import { readableTargets, targetsNamed } from '../pinning/target-flags.ts';
import { type Choice, onlyTarget } from '../pinning/target-kind.ts';

const moveFlags = {
  from: { type: 'string', value: 'NAME', names: 'targets', about: 'the target that is left' },
  to: { type: 'string', value: 'NAME', names: 'targets', about: 'the target that takes the copies' },
  keep: { type: 'boolean', about: 'copy alone, and give nothing up' },
  prove: {
    type: 'string',
    choices: ['off', 'auto', 'require'],
    about:
      'ask each new copy to be shown before the old one goes; require: one that could not be asked stays; default: auto',
  },
  ...drawFlags,
  ...datasetFlags,
  timeout: { type: 'string', value: 'TIME', about: 'time limit for all of it; default: 24h' },
  concurrency: { type: 'string', value: 'NUMBER', about: 'datasets to work on at once; default: 16' },
} as const;

export const move = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: moveFlags,
  about:
    'Makes as many copies at one target of a targets file as another one has, waits until they exist, asks for them to be shown, and then gives the old ones up, a few datasets at a time. What others pinned at the old target stays. Without operands, moves every dataset of the last commit. Run again, it goes on where it stopped.',
  examples: [
    { about: 'leave a provider that closes', command: 'holdfast move --from paid --to eu' },
    { about: 'copy first, and look', command: 'holdfast move tides --from paid --to eu --keep' },
  ],
  resume: 'what moved stays moved; run the same command again for the rest',
  async run({ operands, flags }, tools) {
    const [from, to] = await placesOf(flags, tools);
    const opened = await openChoices([from, to], tools);
    const [old, next] = opened as [OpenTarget, OpenTarget];
    try {
      tools.waitingFor(old.label);
      const findList = listsOf({ target: old }, tools);
      const desired = await desiredDatasets(operands, flags, { target: next, findList }, tools);
      const { owner, requests, problems, sources } = desired;
      let done = 0;
      const move = (check?: Parameters<typeof moveCopies>[2]['check']) =>
        moveCopies(
          requests,
          { from: placeOf(from, old), to: placeOf(to, next) },
          {
            owner,
            keep: flags.keep,
            check,
            signal: tools.signal,
            deadlineMs: durationOf('timeout', flags.timeout ?? '24h'),
            ...(flags.concurrency !== undefined && {
              concurrency: numberOf('concurrency', flags.concurrency, 1, 256),
            }),
            onProgress: (event) => tell(event, tools),
            onMoved: (moved) => {
              done += moved.length;
              tools.progress({ phase: 'moving', done, total: requests.length, unit: 'datasets' });
            },
          },
        );
      const moved =
        flags.prove === 'off'
          ? await move()
          : await withProver(next, flags, { commit: desired.commit, spread: false }, tools, (prover) =>
              move(async (cids) => {
                const { proofs, left } = await prover.prove(cids);
                const why = new Map(
                  flags.prove === 'require'
                    ? left.map((cid) => [cid, 'no room was left to prove it: --prove-mib'])
                    : [],
                );
                for (const { cid, peer, name, verdict, why: reason } of proofs) {
                  const isBad =
                    verdict === 'refuted' || (verdict === 'unreachable' && flags.prove === 'require');
                  if (isBad) why.set(cid, `${name ?? peer} could not show its copy: ${reason}`);
                }
                return why;
              }),
            );
      const isDone = moved.every(
        ({ outcome }) => outcome !== 'stays' && (flags.keep || outcome !== 'copied'),
      );
      return {
        exitCode: isDone && !hasErrors(problems) ? exitCode.ok : exitCode.problems,
        result: { from: old.label, to: next.label, owner, datasets: moved },
        problems,
        sources,
        quiet: moved
          .filter(({ outcome }) => outcome === 'stays')
          .map(({ name, reason }) => `${escapeText(name)} stays: ${escapeText(reason)}`)
          .join('\n'),
        text: (paint) => [...moved.map((each) => line(each, paint)), totals(moved)].join('\n'),
      };
    } finally {
      for (const target of opened) target.close?.();
    }
  },
});

/** Both must be named: what is given up must be said. */
async function placesOf(flags: Values<typeof moveFlags>, tools: Tools): Promise<readonly [Choice, Choice]> {
  const { from, to } = flags;
  if (from === undefined || to === undefined)
    throw new Misuse(
      `--${from === undefined ? 'from' : 'to'} is missing`,
      'holdfast move --from NAME --to NAME; names stand in .holdfast/targets.json or in your own targets.json',
    );
  const known = await readableTargets(tools);
  const places = [targetsNamed([from], known), targetsNamed([to], known)] as const;
  const both = places[0].targets.find(({ named }) =>
    places[1].targets.some((other) => other.named === named),
  );
  if (both !== undefined)
    throw new Misuse(
      `${escapeText(both.named?.name ?? from)} is in --from and in --to`,
      'name two places that have no target in common',
    );
  return places;
}

/** One of a group is called by its name in the pins of the others. */
function placeOf(choice: Choice, target: OpenTarget) {
  return { target, name: onlyTarget(choice)?.named?.name };
}

const marks = {
  moved: ['green', '✓'],
  copied: ['green', '✓'],
  absent: ['dim', '·'],
  stays: ['red', '✗'],
} as const;

function line({ name, cid, outcome, reason }: MovedCid, paint: Paint): string {
  const [colour, mark] = marks[outcome];
  return `${paint[colour](mark)} ${paint.bold(escapeText(name || cid))} ${outcome}: ${escapeText(reason)}`;
}

function totals(moved: readonly MovedCid[]): string {
  const of = (outcome: MovedCid['outcome']) => moved.filter((each) => each.outcome === outcome).length;
  const absent = of('absent');
  return [
    `${count(of('moved'), 'dataset')} moved, ${of('copied')} copied, ${of('stays')} stay`,
    ...(absent > 0 ? [`${absent} ${absent === 1 ? 'was' : 'were'} not there`] : []),
  ].join(', ');
}
