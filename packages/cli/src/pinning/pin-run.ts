import { type Desired, planDatasets } from '@holdfast/datasets';
import type { ApplyOptions, PinningEvent, PinTarget, Plan } from '@holdfast/pinning';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { durationOf, numberOf } from '../frame/duration.ts';
import { printable } from '../frame/printable.ts';
import { datasetFlags } from './desired-datasets.ts';
import { openTarget } from './open-target.ts';
import { ofTarget } from './target-error.ts';
import { chooseTarget, targetFlags } from './target-flags.ts';

/** Flags of every command that looks at a target through manifests. */
export const planFlags = {
  ...targetFlags,
  ...datasetFlags,
  'on-withdraw': {
    type: 'string',
    choices: ['keep', 'unpin'],
    about: 'what becomes of withdrawn datasets; keep unless said otherwise',
  },
} as const satisfies Flags;

/** Flags of every command that changes one. */
export const applyFlags = {
  ...planFlags,
  wait: {
    type: 'string',
    choices: ['min', 'max', 'none'],
    about: 'copies to wait for; min unless said otherwise',
  },
  timeout: {
    type: 'string',
    value: 'TIME',
    about: 'the time for all of it, for example 90s, 20m or 2h; 30m unless said otherwise',
  },
  concurrency: {
    type: 'string',
    value: 'NUMBER',
    about: 'datasets worked on at once; 16 unless said otherwise',
  },
} as const satisfies Flags;

/** Opens the target, hands it over, and lets go of its connections whatever happens. */
export async function withTarget<T>(
  flags: Values<typeof targetFlags>,
  tools: Tools,
  use: (target: PinTarget) => Promise<T>,
): Promise<T> {
  const chosen = chooseTarget(flags, tools);
  const target: PinTarget & { close?: () => void } = await openTarget(chosen, tools);
  try {
    return await use(target);
  } catch (error) {
    throw ofTarget(error, chosen.kind);
  } finally {
    target.close?.();
  }
}

export async function planFor(
  desired: Desired,
  target: PinTarget,
  flags: Pick<Values<typeof planFlags>, 'on-withdraw'>,
  { clock, signal }: Tools,
): Promise<Plan> {
  const onWithdraw = flags['on-withdraw'] === 'unpin' ? 'unpin' : 'keep';
  return (await planDatasets(desired, target, { now: clock().getTime(), onWithdraw, signal })).plan;
}

export function applyOptions(flags: Values<typeof applyFlags>, tools: Tools): ApplyOptions {
  return {
    signal: tools.signal,
    deadlineMs: durationOf('timeout', flags.timeout ?? '30m'),
    wait: (flags.wait ?? 'min') as NonNullable<ApplyOptions['wait']>,
    ...(flags.concurrency !== undefined && {
      concurrency: numberOf('concurrency', flags.concurrency, 1, 256),
    }),
    onProgress: (event) => tell(event, tools),
  };
}

export function tell(event: PinningEvent, tools: Tools): void {
  if (event.type === 'waiting') {
    const { copies: done, copiesWanted: total, waitsFor } = event;
    const item = waitsFor && `${waitsFor.cid} has ${waitsFor.missing}`;
    tools.progress({ phase: 'pinning', done, total, unit: 'copies', ...(item !== undefined && { item }) });
  }
  if (event.type === 'retry') {
    const when = event.delayMs > 0 ? ` in ${(event.delayMs / 1000).toFixed(1)} s` : '';
    tools.note(`${printable(event.message)}; trying again${when}`);
  }
}
