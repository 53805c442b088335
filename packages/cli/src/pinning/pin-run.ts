import { type Desired, planDatasets } from '@holdfast/datasets';
import { escapeText } from '@holdfast/manifest/text';
import type { ApplyOptions, PinningEvent, PinTarget, Plan } from '@holdfast/pinning';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { durationOf, numberOf } from '../frame/duration.ts';
import { datasetFlags } from './desired-datasets.ts';
import { openChoice } from './open-target.ts';
import { ofTarget } from './target-error.ts';
import { chooseTargets, targetFlags } from './target-flags.ts';
import { type Choice, onlyTarget } from './target-kind.ts';

/** The flags of commands that compare manifests with a target. */
export const planFlags = {
  ...targetFlags,
  ...datasetFlags,
  'on-withdraw': {
    type: 'string',
    choices: ['keep', 'unpin'],
    about: 'what to do with pins of withdrawn datasets; default: keep',
  },
} as const satisfies Flags;

/** The flags of commands that change a target. */
export const applyFlags = {
  ...planFlags,
  wait: {
    type: 'string',
    choices: ['min', 'max', 'none'],
    about: 'copies to wait for: the fewest the tier allows, the most, or none; default: min',
  },
  timeout: {
    type: 'string',
    value: 'TIME',
    about: 'time limit for the whole run, for example 90s, 20m or 2h; default: 30m',
  },
  concurrency: {
    type: 'string',
    value: 'NUMBER',
    about: 'datasets to work on at once; default: 16',
  },
} as const satisfies Flags;

/** Opens the target, uses it, and always closes its connections. */
export async function withTarget<T>(
  flags: Values<typeof targetFlags> & { readonly 'node-url'?: readonly string[] },
  tools: Tools,
  use: (target: PinTarget, choice: Choice) => Promise<T>,
): Promise<T> {
  const choice = await chooseTargets(flags, tools);
  const target = await openChoice(choice, tools, flags['node-url']);
  try {
    tools.waitingFor(target.label);
    return await use(target, choice);
  } catch (error) {
    const only = onlyTarget(choice);
    throw only === undefined ? error : ofTarget(error, only);
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
  const options = { at: clock(), onWithdraw: onWithdraw(flags), signal };
  return (await planDatasets(desired, target, options)).plan;
}

export function onWithdraw(flags: Pick<Values<typeof planFlags>, 'on-withdraw'>): 'keep' | 'unpin' {
  return flags['on-withdraw'] === 'unpin' ? 'unpin' : 'keep';
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
    const item = waitsFor && `${waitsFor.name || waitsFor.cid} has ${waitsFor.missing}`;
    tools.progress({ phase: 'pinning', done, total, unit: 'copies', ...(item !== undefined && { item }) });
  }
  if (event.type === 'unfound') {
    const name = escapeText(event.name || event.cid);
    const seconds = Math.round(event.waitedMs / 1000);
    tools.note(
      `${name}: no peer has found its content for ${seconds} s\n  help: if nobody published it, holdfast publish FOLDER --manifest ${name}; then this run goes on by itself`,
    );
  }
  if (event.type === 'retry') {
    const when = event.delayMs > 0 ? ` in ${(event.delayMs / 1000).toFixed(1)} s` : '';
    tools.note(`${escapeText(event.message)}; retrying${when}`);
  }
}
