import type { Ending } from '../ending/ending.ts';
import type { Summary } from '../summary/summary.ts';

type Labels = Readonly<Record<string, string>>;

/** `openmetrics` is what Prometheus asks for; `prometheus` is the older text, which node-exporter reads from a file. */
export type MetricsFormat = 'openmetrics' | 'prometheus';

export interface MetricsOptions {
  /** What is about to end. */
  readonly endings?: readonly Ending[] | undefined;
  /** Default: `openmetrics`. */
  readonly format?: MetricsFormat | undefined;
}

class Exposition {
  readonly #lines: string[] = [];
  readonly #format: MetricsFormat;

  constructor(format: MetricsFormat) {
    this.#format = format;
  }

  family(
    name: string,
    type: 'gauge' | 'counter' | 'summary',
    help: string,
    samples: readonly (readonly [Labels, number | undefined])[],
  ): void {
    const known = samples.filter((sample): sample is [Labels, number] => sample[1] !== undefined);
    if (known.length === 0) return;
    const sample = type === 'counter' ? `${name}_total` : name;
    // OpenMetrics names the family, the older text the sample.
    const family = this.#format === 'openmetrics' ? name : sample;
    this.#lines.push(`# HELP ${family} ${help}`, `# TYPE ${family} ${type}`);
    for (const [labels, value] of known) this.#lines.push(`${sample}${labelText(labels)} ${value}`);
  }

  text(): string {
    const end = this.#format === 'openmetrics' ? ['# EOF'] : [];
    return `${[...this.#lines, ...end].join('\n')}\n`;
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Long values would make each sample a page; metrics are for numbers. */
const escaped = (value: string): string =>
  value.slice(0, 200).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** How things are, for Prometheus. Counters come from the history, so they survive restarts. */
export function metricsText(
  summary: Summary,
  { endings = [], format = 'openmetrics' }: MetricsOptions = {},
): string {
  const { datasets, peers, places, incidents } = summary;
  const out = new Exposition(format);
  const current = datasets.flatMap(({ id, now }) => (now === undefined ? [] : [{ id, now }]));
  const of = (value: (now: (typeof current)[number]['now']) => number) =>
    current.map(({ id, now }): [Labels, number] => [{ dataset: id }, value(now)]);
  out.family(
    'holdfast_dataset_copies',
    'gauge',
    'Copies of a dataset that exist.',
    of((now) => now.copies),
  );
  out.family(
    'holdfast_dataset_copies_wanted',
    'gauge',
    'Copies that its tier asks for at least.',
    of((now) => now.min),
  );
  out.family(
    'holdfast_dataset_bytes',
    'gauge',
    'Bytes of one copy.',
    of((now) => now.size),
  );
  out.family(
    'holdfast_peer_up',
    'gauge',
    'Whether a peer can take copies; 0 too where the target no longer lists it.',
    peers.map(({ id, name, now }) => [{ peer: id, name, region: now?.region ?? '' }, now?.up ? 1 : 0]),
  );
  out.family(
    'holdfast_peer_free_bytes',
    'gauge',
    'Free space of a peer.',
    peers.map(({ id, name, now }) => [{ peer: id, name, region: now?.region ?? '' }, now?.free]),
  );
  out.family(
    'holdfast_region_bytes',
    'gauge',
    'Bytes of copies in a region.',
    Object.entries(summary.storage).map(([region, bytes]) => [{ region }, bytes]),
  );
  out.family(
    'holdfast_place_up',
    'gauge',
    'Whether a place served verified content in the last round.',
    places.map(({ id, fault }) => [{ place: id }, fault === undefined ? 1 : 0]),
  );
  out.family(
    'holdfast_place_seconds',
    'summary',
    'Time a place took, over the days looked at.',
    places.flatMap(({ id, p50Ms, p95Ms, p99Ms }) =>
      (
        [
          ['0.5', p50Ms],
          ['0.95', p95Ms],
          ['0.99', p99Ms],
        ] as const
      ).map(([quantile, ms]): [Labels, number | undefined] => [
        { place: id, quantile },
        ms === undefined ? undefined : ms / 1000,
      ]),
    ),
  );
  out.family(
    'holdfast_place_looks',
    'counter',
    'How often a place was asked.',
    places.map(({ id, ever }) => [{ place: id }, ever.looks]),
  );
  out.family(
    'holdfast_place_failures',
    'counter',
    'How often it did not serve.',
    places.map(({ id, ever }) => [{ place: id }, ever.failures]),
  );
  out.family(
    'holdfast_proofs',
    'counter',
    'Copies that were asked to show themselves.',
    (['proved', 'refuted', 'unreachable'] as const).map((verdict) => [{ verdict }, summary.proofs[verdict]]),
  );
  out.family('holdfast_rounds', 'counter', 'Rounds of looking.', [[{}, summary.rounds]]);
  out.family('holdfast_round_failures', 'counter', 'Rounds in which the target could not be asked.', [
    [{}, summary.faults],
  ]);
  out.family(
    'holdfast_incidents_open',
    'gauge',
    'What is not well now.',
    (['dataset', 'peer', 'place', 'target'] as const).map((kind) => [
      { kind },
      incidents.filter((incident) => incident.kind === kind && incident.closedAt === undefined).length,
    ]),
  );
  out.family(
    'holdfast_ending_timestamp_seconds',
    'gauge',
    'When something ends unless somebody does something.',
    endings.map(({ kind, id, endsAt }) => [{ kind, id }, endsAt / 1000]),
  );
  out.family('holdfast_last_round_timestamp_seconds', 'gauge', 'When the last round was.', [
    [{}, summary.lastAt === undefined ? undefined : summary.lastAt / 1000],
  ]);
  return out.text();
}
