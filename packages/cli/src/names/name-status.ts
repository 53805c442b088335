import type { WantedName } from '@holdfast/datasets';
import { escapeText } from '@holdfast/manifest/text';
import { type Names, type ResolvedName, RetrievalError } from '@holdfast/retrieval';
import type { Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { committedNames, nameOfDataset } from './committed-names.ts';
import type { NameAction } from './name-command.ts';
import { resolvedShape } from './resolved-shape.ts';
import { openReadNames } from './router-flags.ts';

/** A record that ends sooner is one that nobody renews. */
const soonMs = 24 * 3_600_000;

interface NameState {
  readonly wanted: WantedName;
  readonly resolved?: ResolvedName;
  /** The version it points to, `name@version`. */
  readonly pointsTo?: string;
  /** What is wrong; none if it points to the latest version, and for a day more. */
  readonly faults: readonly string[];
}

/** Shows for each name of the policy where it points, and what is wrong with that. */
export const statusAction: NameAction = {
  operands: '[DATASET…]',
  arity: [0, 1_000],
  async run(operands, flags, tools) {
    const all = await committedNames(flags, tools);
    const wanted = operands.length === 0 ? all : operands.map((dataset) => nameOfDataset(all, dataset));
    const names = openReadNames(flags, tools);
    try {
      const states = await Promise.all(wanted.map((one) => stateOf(one, names, tools)));
      const good = states.filter(({ faults }) => faults.length === 0).length;
      return {
        exitCode: good === states.length ? exitCode.ok : exitCode.problems,
        result: { action: 'status', names: states.map(stateShape) },
        quiet: `${good}/${states.length}`,
        text: (paint) =>
          states.length === 0
            ? 'the policy has no names; holdfast name key DATASET creates one'
            : states.map((state) => stateText(state, paint)).join('\n'),
      };
    } finally {
      names.stop();
    }
  },
};

async function stateOf(wanted: WantedName, names: Names, { signal, clock }: Tools): Promise<NameState> {
  try {
    const resolved = await names.resolve(wanted.name, { signal });
    const pointsTo = wanted.versions.get(resolved.value.replace('/ipfs/', ''))?.id;
    const left = resolved.validUntil.getTime() - clock().getTime();
    const faults = [
      ...(pointsTo === undefined ? [`points to ${resolved.value}, which no accepted version is`] : []),
      ...(pointsTo !== undefined && pointsTo !== wanted.latest?.id
        ? [`points to ${pointsTo}, the latest version is ${wanted.latest?.id}`]
        : []),
      ...(left < soonMs
        ? [`ends at ${resolved.validUntil.toISOString()}: run holdfast heal on a schedule`]
        : []),
      ...(resolved.stale ? ['no router confirms the record'] : []),
      ...(resolved.disagreed ? ['not all routers have the newest record'] : []),
    ];
    return { wanted, resolved, ...(pointsTo !== undefined && { pointsTo }), faults };
  } catch (error) {
    if (!(error instanceof RetrievalError)) throw error;
    return { wanted, faults: [error.message] };
  }
}

function stateShape({ wanted, resolved, pointsTo, faults }: NameState) {
  return {
    dataset: wanted.dataset,
    name: wanted.name,
    latest: wanted.latest?.id ?? null,
    pointsTo: pointsTo ?? null,
    record: resolved === undefined ? null : resolvedShape(wanted.name, resolved),
    faults,
  };
}

function stateText({ wanted, resolved, pointsTo, faults }: NameState, paint: Paint): string {
  const mark = faults.length === 0 ? paint.green('✓') : paint.red('✗');
  const where =
    faults.length === 0
      ? `points to ${pointsTo} until ${resolved?.validUntil.toISOString()}`
      : faults.join('; ');
  return `${mark} ${paint.bold(wanted.dataset)} ${escapeText(where)}\n  ${wanted.name}`;
}
