import { healths } from '../seen/observation.ts';
import { LatencyBuckets } from '../time/latency-buckets.ts';
import {
  applyLine,
  difference,
  type HistoryLine,
  type KnownState,
  nothingKnown,
  type PlaceTally,
} from './history-line.ts';
import { stretchOf } from './known-time.ts';
import { addProofs } from './proof-sum.ts';

type Sum = NonNullable<HistoryLine['sum']>;

/**
 * Lines of rounds, or of hours, as one line for each period that has any. How long each dataset and peer was how is kept to the
 * millisecond; when within the period it was so is not.
 */
export function compacted(lines: readonly HistoryLine[], periodMs: number, end: number): HistoryLine[] {
  const result: HistoryLine[] = [];
  const state = nothingKnown();
  let before: KnownState | undefined;
  let carried = 0;
  for (let first = 0; first < lines.length; ) {
    const from = periodOf(lines[first], periodMs);
    let last = first;
    while (last < lines.length && periodOf(lines[last], periodMs) === from) last += 1;
    const next = lines[last] === undefined ? end : Date.parse(lines[last]?.at ?? '');
    const period = { from, to: from + periodMs, next, carried };
    const { line, over } = onePeriod(lines.slice(first, last), state, before, period);
    result.push(line);
    // A round speaks for a while: past the end of its period, for the next one.
    carried = periodOf(lines[last], periodMs) === from + periodMs ? over : 0;
    before = { datasets: new Map(state.datasets), peers: new Map(state.peers) };
    first = last;
  }
  return result;
}

const periodOf = (line: HistoryLine | undefined, periodMs: number): number =>
  line === undefined ? Number.NaN : Math.floor(Date.parse(line.at) / periodMs) * periodMs;

interface Period {
  readonly from: number;
  readonly to: number;
  /** Where the line after it begins. */
  readonly next: number;
  /** Milliseconds at its start that the line before speaks for. */
  readonly carried: number;
}

function onePeriod(
  lines: readonly HistoryLine[],
  state: KnownState,
  before: KnownState | undefined,
  { from, to, next, carried }: Period,
): { readonly line: HistoryLine; readonly over: number } {
  const datasets = new Map<string, [number, number, number, number]>();
  const peers = new Map<string, number>();
  const places = new Map<string, PlaceSum>();
  const sum = { known: carried, rounds: 0, faults: 0 };
  const proofs = { proved: 0, refuted: 0, unreachable: 0 };
  const changing = idsThatChange(lines, state);
  const count = (known: number, own: Sum | undefined) => {
    for (const id of changing.datasets) addDataset(datasets, id, state, own, known);
    for (const id of changing.peers)
      peers.set(id, (peers.get(id) ?? 0) + (own?.peers[id] ?? (state.peers.get(id)?.up ? known : 0)));
  };
  count(carried, undefined);
  let over = 0;
  for (const [index, line] of lines.entries()) {
    applyLine(state, line);
    sum.rounds += line.sum?.rounds ?? 1;
    sum.faults += line.sum?.faults ?? (line.fault === undefined ? 0 : 1);
    addProofs(proofs, line.sum?.proofs ?? line.proofs);
    const after = lines[index + 1];
    const { from: begins, known } = stretchOf(line, after === undefined ? next : Date.parse(after.at));
    const own = Math.min(known, to - begins);
    over = known - own;
    sum.known += own;
    count(own, line.sum);
    addPlaces(places, line);
  }
  const end = lines.at(-1) as HistoryLine;
  const tallies = [...places].map(([id, { region, looks, ok, ms }]): [string, PlaceTally] => [
    id,
    { ...(region !== undefined && { region }), looks, ok, ms: ms.entries() },
  ]);
  const line: HistoryLine = {
    v: 1,
    at: new Date(from).toISOString(),
    every: (to - from) / 1000,
    took: end.took,
    target: end.target,
    ...(before === undefined && { whole: true }),
    datasets: difference(Object.fromEntries(state.datasets), before?.datasets),
    peers: difference(Object.fromEntries(state.peers), before?.peers),
    places: end.places,
    sum: {
      ...sum,
      ...(Object.values(proofs).some((times) => times > 0) && { proofs }),
      datasets: Object.fromEntries(datasets),
      peers: Object.fromEntries(peers),
      places: Object.fromEntries(tallies),
    },
  };
  return { line, over };
}

interface PlaceSum {
  region?: string | undefined;
  looks: number;
  ok: number;
  readonly ms: LatencyBuckets;
}

/** What is not the same from the first line to the last. */
function idsThatChange(lines: readonly HistoryLine[], state: KnownState) {
  const datasets = new Set<string>();
  const peers = new Set<string>();
  const all = { datasets: state.datasets, peers: state.peers };
  for (const line of lines) {
    for (const id of Object.keys(line.datasets)) datasets.add(id);
    for (const id of Object.keys(line.peers)) peers.add(id);
    for (const id of Object.keys(line.sum?.datasets ?? {})) datasets.add(id);
    for (const id of Object.keys(line.sum?.peers ?? {})) peers.add(id);
    if (line.whole) {
      for (const id of all.datasets.keys()) if (!Object.hasOwn(line.datasets, id)) datasets.add(id);
      for (const id of all.peers.keys()) if (!Object.hasOwn(line.peers, id)) peers.add(id);
    }
  }
  return { datasets, peers };
}

function addDataset(
  sums: Map<string, [number, number, number, number]>,
  id: string,
  state: KnownState,
  line: Sum | undefined,
  known: number,
): void {
  const total = sums.get(id) ?? [0, 0, 0, Number.MAX_SAFE_INTEGER];
  sums.set(id, total);
  const own = line?.datasets[id];
  if (own !== undefined) {
    for (const index of [0, 1, 2] as const) total[index] += own[index];
    total[3] = Math.min(total[3], own[3]);
    return;
  }
  const seen = state.datasets.get(id);
  if (seen === undefined) return;
  total[healths.indexOf(seen.health) as 0 | 1 | 2] += known;
  total[3] = Math.min(total[3], seen.copies);
}

function addPlaces(places: Map<string, PlaceSum>, line: HistoryLine): void {
  const of = (id: string, region: string | undefined): PlaceSum => {
    const place = places.get(id) ?? { looks: 0, ok: 0, ms: new LatencyBuckets() };
    place.region = region;
    places.set(id, place);
    return place;
  };
  if (line.sum === undefined) {
    for (const [id, { region, ok, ms }] of Object.entries(line.places)) {
      const place = of(id, region);
      place.looks += 1;
      if (!ok) continue;
      place.ok += 1;
      place.ms.add(ms);
    }
  }
  for (const [id, tally] of Object.entries(line.sum?.places ?? {})) {
    const place = of(id, tally.region);
    place.looks += tally.looks;
    place.ok += tally.ok;
    for (const [bucket, times] of tally.ms) place.ms.addBucket(bucket, times);
  }
}
