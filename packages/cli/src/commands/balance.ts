import { hasErrors } from '@holdfast/manifest';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import { observeFor } from '@holdfast/pinning';
import { applyBalance, type BalancedCopy, type BalanceMove, balancePlan } from '@holdfast/pinning/internal';
import type { TargetInfo } from '@holdfast/pinning/target';
import { listsOf } from '../content/find-list.ts';
import { defineCommand } from '../frame/command.ts';
import { durationOf, numberOf } from '../frame/duration.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import type { Paint } from '../frame/paint.ts';
import { datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { withTarget } from '../pinning/pin-run.ts';
import { targetFlags } from '../pinning/target-flags.ts';

export const balance = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: {
    ...targetFlags,
    ...datasetFlags,
    'most-gib': { type: 'string', value: 'NUMBER', about: 'the most to move, in GiB; default: 100' },
    'dry-run': { type: 'boolean', about: 'show what would move, and change nothing' },
    timeout: { type: 'string', value: 'TIME', about: 'time limit for all of it; default: 24h' },
  },
  about:
    'Moves copies from full peers to empty ones, the largest that help first, one at a time: each is whole at its new peer before the old one goes. No dataset leaves a region, or a target, that it would miss. Works on several targets as one, which can say which copies go. holdfast distribution shows who keeps how much.',
  examples: [
    { about: 'look first', command: 'holdfast balance --target all --dry-run' },
    { about: 'a little each night', command: 'holdfast balance --target all --most-gib 20 --timeout 6h' },
  ],
  resume: 'what moved stays moved; run the same command again for the rest',
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const { signal } = tools;
      const mostBytes = numberOf('most-gib', flags['most-gib'] ?? '100', 1, 1 << 30) * 2 ** 30;
      const info = await target.inspect({ signal });
      if (info.choosesCopies !== true)
        throw new Misuse(
          `${escapeText(target.label)} chooses by itself which copies go`,
          'name several targets: holdfast balance --target all',
        );
      const findList = listsOf({ target }, tools);
      const { owner, requests, problems, sources } = await desiredDatasets(
        operands,
        flags,
        { target, findList },
        tools,
      );
      const states = await observeFor(requests, target, { owner, signal });
      const plan = balancePlan(requests, states, { owner, info, mostBytes });
      let done = 0;
      const copies = flags['dry-run']
        ? []
        : await applyBalance(plan.moves, target, {
            signal,
            deadlineMs: durationOf('timeout', flags.timeout ?? '24h'),
            onMove: () => {
              done += 1;
              tools.progress({ phase: 'moving', done, total: plan.moves.length, unit: 'copies' });
            },
          });
      const isDone = copies.every(({ outcome }) => outcome === 'moved');
      const names = namesOf(info);
      const shown = flags['dry-run'] ? plan.moves : copies;
      return {
        exitCode: isDone && !hasErrors(problems) ? exitCode.ok : exitCode.problems,
        result: {
          target: target.label,
          owner,
          moved: copies.filter(({ outcome }) => outcome === 'moved').length,
          bytes: plan.bytes,
          unevennessBefore: plan.before,
          unevennessAfter: plan.after,
          moves: shown.map((move) => ({ outcome: null, reason: null, ...move })),
        },
        problems,
        sources,
        quiet: copies
          .filter(({ outcome }) => outcome === 'stays')
          .map(({ name, reason }) => `${escapeText(name)} stays: ${escapeText(reason)}`)
          .join('\n'),
        text: (paint) =>
          [
            ...shown.map((move) => line(move, names, paint)),
            shown.length === 0
              ? `nothing to move: the fullest peer keeps ${plan.before.toFixed(1)} times the mean`
              : `${count(shown.length, 'copy', 'copies')}, ${bytes(plan.bytes)}: the fullest peer ${flags['dry-run'] ? 'would keep' : 'keeps'} ${plan.after.toFixed(1)} times the mean, where it was ${plan.before.toFixed(1)}`,
          ].join('\n'),
      };
    }),
});

function namesOf({ peers }: TargetInfo): ReadonlyMap<string, string> {
  return new Map(peers.map(({ id, name }) => [id, name ?? id]));
}

function line(move: BalanceMove | BalancedCopy, names: ReadonlyMap<string, string>, paint: Paint): string {
  const { name, from, to } = move;
  const way = `${escapeText(names.get(from) ?? from)} → ${escapeText(names.get(to) ?? to)}`;
  const what = `${paint.bold(escapeText(name))} ${bytes(move.bytes)}: ${way}`;
  if (!('outcome' in move)) return `· ${what}`;
  return move.outcome === 'moved'
    ? `${paint.green('✓')} ${what}`
    : `${paint.red('✗')} ${what} ${escapeText(move.reason)}`;
}
