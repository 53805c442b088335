import type { PhaseVerifierOptions } from '@holdfast/datasets/proof';
import type { Phase } from '@holdfast/pinning';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { durationOf, numberOf } from '../frame/duration.ts';
import { Misuse } from '../frame/misuse.ts';
import { routerFlags } from '../names/router-flags.ts';
import { datasetFlags } from '../pinning/desired-datasets.ts';
import { readableTargets, targetFlags } from '../pinning/target-flags.ts';
import type { Choice } from '../pinning/target-kind.ts';
import { servingFlags, servingGateways, servingTerms } from './serving.ts';

export const rolloutFlags = {
  ...targetFlags,
  ...datasetFlags,
  ...routerFlags,
  phase: {
    type: 'string',
    value: 'NAME=PLACE,…',
    multiple: true,
    about:
      'a phase: a name, and the targets and regions whose turn it is, or a share of the copies such as 25%; repeated, in order; default: those of the targets file, else a region after the other',
  },
  canary: {
    type: 'string',
    value: 'PLACE',
    names: 'targets',
    about: 'a target or region that comes before all others, as a phase of its own',
  },
  until: { type: 'string', value: 'PHASE', about: 'stop after this phase; a later start goes on from there' },
  ...servingFlags,
  prove: {
    type: 'string',
    choices: ['off', 'auto', 'require'],
    about: 'ask each new copy to be shown; require: one that could not be asked has failed; default: auto',
  },
  settle: {
    type: 'string',
    value: 'TIME',
    about: 'time within which the gateways have to serve a new copy; default: 2m',
  },
  'phase-timeout': {
    type: 'string',
    value: 'TIME',
    about: 'time for the copies of one phase; what is missing then is taken back; default: 1h',
  },
  timeout: { type: 'string', value: 'TIME', about: 'time limit for all of it; default: 24h' },
  concurrency: { type: 'string', value: 'NUMBER', about: 'datasets to work on at once; default: 16' },
} as const satisfies Flags;

export type RolloutFlags = Values<typeof rolloutFlags>;

/** How a rollout goes: what flags say, else the targets file, else the defaults. */
export interface RolloutTerms {
  readonly phases: readonly Phase[];
  readonly until: string | undefined;
  readonly phaseMs: number;
  readonly deadlineMs: number;
  readonly concurrency: number | undefined;
  readonly verify: Omit<PhaseVerifierOptions, 'seed'>;
}

export async function rolloutTerms(flags: RolloutFlags, choice: Choice, tools: Tools): Promise<RolloutTerms> {
  // Rules of a file are for the targets of a file.
  const isNamed = choice.targets.some(({ named }) => named !== undefined);
  const rules = isNamed ? ((await readableTargets(tools)).rollout ?? {}) : {};
  const given = flags.phase.map(phaseOf);
  const phases = given.length > 0 ? given : (rules.phases ?? []);
  const { settleSeconds } = rules;
  const fileSettleMs = settleSeconds === undefined ? undefined : settleSeconds * 1_000;
  const { blocks = rules.blocks, p95Ms = rules.p95Ms } = servingTerms(flags);
  const settleMs = flags.settle === undefined ? fileSettleMs : durationOf('settle', flags.settle);
  const prove = (flags.prove ?? rules.prove ?? 'auto') as 'off' | 'auto' | 'require';
  return {
    phases: withCanary(phases, flags.canary),
    until: flags.until ?? rules.until,
    phaseMs:
      flags['phase-timeout'] === undefined
        ? (rules.phaseMinutes ?? 60) * 60_000
        : durationOf('phase-timeout', flags['phase-timeout']),
    deadlineMs: durationOf('timeout', flags.timeout ?? '24h'),
    concurrency:
      flags.concurrency === undefined ? undefined : numberOf('concurrency', flags.concurrency, 1, 256),
    verify: { blocks, p95Ms, prove, settleMs, gateways: servingGateways(flags, choice, tools) },
  };
}

function phaseOf(text: string): Phase {
  const [, name = '', rest = ''] = /^([a-z0-9][a-z0-9._-]*)=([^=]+)$/.exec(text) ?? [];
  const parts = rest.split(',').filter(Boolean);
  const shares = parts.filter((part) => part.endsWith('%'));
  const places = parts.filter((part) => !part.endsWith('%'));
  if (name === '' || parts.length === 0 || shares.length > 1)
    throw new Misuse(
      `--phase expects a name and places, or a share of the copies, got "${text.slice(0, 100)}"`,
      'for example --phase canary=lab --phase europe=eu,eu-west --phase half=50%',
    );
  const [share] = shares;
  return {
    name,
    ...(places.length > 0 && { places }),
    ...(share !== undefined && { percent: numberOf('phase', share.slice(0, -1), 1, 100) }),
  };
}

/** Whatever other phases there are; without any, the rest follows region by region. */
function withCanary(phases: readonly Phase[], canary: string | undefined): readonly Phase[] {
  if (canary === undefined) return phases;
  const others = phases.filter(({ name }) => name !== 'canary');
  return [{ name: 'canary', places: [canary] }, ...others];
}
