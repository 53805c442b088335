import type { HistoryLine } from '../history/history-line.ts';
import type { SeenDataset, SeenPeer, SeenProofs } from '../seen/observation.ts';
import { dayMs, dayOf, dayText } from '../time/day.ts';
import { LatencyBuckets } from '../time/latency-buckets.ts';
import { type DaySummary, Days } from './days.ts';
import type { Incident } from './incident.ts';
import { IncidentLog } from './incident-log.ts';
import { type CopiesDay, type DatasetChange, Ledger, type PlaceDay } from './ledger.ts';
import type { DayShare, ShareByDay } from './share-by-day.ts';

export interface DatasetSummary {
  readonly id: string;
  readonly now: SeenDataset | undefined;
  readonly days: readonly DaySummary[];
  /** Of the time in which something is known: the share with at least one copy; undefined where nothing is. */
  readonly available: number | undefined;
  /** The same for all the copies wanted. */
  readonly healthy: number | undefined;
  readonly knownMs: number;
}

export interface PeerSummary {
  readonly id: string;
  readonly name: string;
  /** Undefined: the target no longer lists it. */
  readonly now: SeenPeer | undefined;
  readonly days: readonly DaySummary[];
  readonly up: number | undefined;
}

export interface PlaceSummary {
  readonly id: string;
  readonly region: string | undefined;
  readonly looks: number;
  readonly ok: number;
  /** Over all of the history, so that they only ever grow. */
  readonly ever: { readonly looks: number; readonly failures: number };
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly fault: string | undefined;
  readonly days: readonly {
    readonly date: string;
    readonly looks: number;
    readonly ok: number;
    readonly p50Ms: number | undefined;
    readonly p95Ms: number | undefined;
  }[];
}

export interface Summary {
  readonly at: number;
  /** When the last round was; undefined without any. */
  readonly lastAt: number | undefined;
  readonly target: string;
  /** Why the last round could not ask the target. */
  readonly fault: string | undefined;
  readonly rounds: number;
  readonly faults: number;
  /** Copies asked to show themselves, over all of the history. */
  readonly proofs: SeenProofs;
  /** Average copies of a dataset over the whole time, and wanted. */
  readonly copies: { readonly average: number; readonly wanted: number } | undefined;
  readonly copiesByDay: readonly {
    readonly date: string;
    readonly average: number;
    readonly wanted: number;
  }[];
  readonly datasets: readonly DatasetSummary[];
  readonly peers: readonly PeerSummary[];
  readonly places: readonly PlaceSummary[];
  /** The latest datasets that came, went, or are worth another number of copies; newest first. */
  readonly changes: readonly DatasetChange[];
  /** Bytes held, by the region of the peer; peers without one under "". */
  readonly storage: Readonly<Record<string, number>>;
  /** Of the last days asked for, newest first. */
  readonly incidents: readonly Incident[];
  readonly repairMs:
    | { readonly median: number; readonly longest: number; readonly count: number }
    | undefined;
  /** Rounds that are later than `at`: a clock jumped. They count for nothing. */
  readonly fromTheFuture: number;
}

export interface SummaryOptions {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Days to look back. Default: 90. */
  readonly days?: number | undefined;
  /** Days of incidents. Default: 30. */
  readonly incidentDays?: number | undefined;
  /**
   * Sum up to the last round and not to `at`, or where that was more than a day ago, to the beginning of that day: the same
   * history then comes to the same summary, whenever it is read.
   */
  readonly toLastRound?: boolean | undefined;
}

/** What the lines of a history come to, in one pass. */
export async function summarize(
  lines: AsyncIterable<HistoryLine> | Iterable<HistoryLine>,
  { at: now, days = 90, incidentDays = 30, toLastRound = false }: SummaryOptions,
): Promise<Summary> {
  const ledger = new Ledger();
  const log = new IncidentLog();
  let fromTheFuture = 0;
  for await (const line of lines) {
    if (Date.parse(line.at) > now) {
      fromTheFuture += 1;
      continue;
    }
    ledger.add(line);
    log.add(line);
  }
  const at = toLastRound ? settledTime(ledger.last?.at, now) : now;
  ledger.end(at);
  const firstDay = dayOf(at) - days + 1;
  const { known, last } = ledger;
  const allDays = new Days(firstDay, at);
  const incidents = log.incidents
    .filter(
      ({ openedAt, closedAt }) =>
        (closedAt ?? at) > at - incidentDays * dayMs || openedAt > at - incidentDays * dayMs,
    )
    .reverse();
  return {
    at,
    lastAt: last && Date.parse(last.at),
    target: last?.target ?? '',
    fault: last?.fault,
    rounds: ledger.rounds,
    faults: ledger.faults,
    proofs: { ...ledger.proofs },
    copies: averageOf(ledger.copies),
    copiesByDay: ledger.copies
      .filter(({ day }) => day >= firstDay)
      .map((sums) => ({ date: dayText(sums.day), ...(averageOf([sums]) ?? { average: 0, wanted: 0 }) })),
    datasets: [...ledger.datasets.shares]
      .filter(([id]) => known.datasets.has(id))
      .map(([id, shares]) => datasetSummary(id, shares, known.datasets.get(id), firstDay, allDays)),
    peers: [...ledger.peers.shares].map(([id, shares]) =>
      peerSummary(id, shares, known.peers.get(id), firstDay, allDays),
    ),
    places: [...ledger.places].map(([id, { region, fault, days: all }]) =>
      placeSummary(id, region, fault, all, firstDay),
    ),
    changes: ledger.changes.toReversed(),
    storage: storageByRegion(known.datasets.values(), known.peers),
    incidents,
    repairMs: repairTimes(incidents),
    fromTheFuture,
  };
}

function settledTime(last: string | undefined, now: number): number {
  const lastAt = last === undefined ? now : Date.parse(last);
  return now - lastAt > dayMs ? dayOf(now) * dayMs : lastAt;
}

function averageOf(days: readonly CopiesDay[]): { average: number; wanted: number } | undefined {
  const sum = (key: 'copies' | 'wanted' | 'datasets') => days.reduce((total, day) => total + day[key], 0);
  const datasets = sum('datasets');
  return datasets === 0 ? undefined : { average: sum('copies') / datasets, wanted: sum('wanted') / datasets };
}

function totalOf(all: readonly DayShare[], firstDay: number) {
  const days = all.filter(({ day }) => day >= firstDay);
  const sum = (key: 'healthy' | 'degraded' | 'lost') => days.reduce((total, day) => total + day[key], 0);
  const [healthy, degraded, lost] = [sum('healthy'), sum('degraded'), sum('lost')];
  return { healthy, degraded, lost, known: healthy + degraded + lost };
}

function datasetSummary(
  id: string,
  shares: ShareByDay,
  now: SeenDataset | undefined,
  firstDay: number,
  days: Days,
): DatasetSummary {
  const all = shares.days;
  const { healthy, degraded, known } = totalOf(all, firstDay);
  return {
    id,
    now,
    days: days.of(all),
    available: known === 0 ? undefined : (healthy + degraded) / known,
    healthy: known === 0 ? undefined : healthy / known,
    knownMs: known,
  };
}

function peerSummary(
  id: string,
  shares: ShareByDay,
  now: SeenPeer | undefined,
  firstDay: number,
  days: Days,
): PeerSummary {
  const all = shares.days;
  const { healthy, known } = totalOf(all, firstDay);
  return {
    id,
    name: now?.name ?? id,
    now,
    days: days.of(all),
    up: known === 0 ? undefined : healthy / known,
  };
}

function placeSummary(
  id: string,
  region: string | undefined,
  fault: string | undefined,
  all: readonly PlaceDay[],
  firstDay: number,
): PlaceSummary {
  const days = all.filter(({ day }) => day >= firstDay);
  const ms = new LatencyBuckets();
  for (const day of days) for (const [bucket, times] of day.ms.entries()) ms.addBucket(bucket, times);
  const percentiles = (of: LatencyBuckets) => ({ p50Ms: of.percentile(0.5), p95Ms: of.percentile(0.95) });
  return {
    id,
    region,
    ...looksOf(days),
    ever: everOf(all),
    ...percentiles(ms),
    p99Ms: ms.percentile(0.99),
    fault,
    days: days.map((day) => ({
      date: dayText(day.day),
      looks: day.looks,
      ok: day.ok,
      ...percentiles(day.ms),
    })),
  };
}

function storageByRegion(
  datasets: Iterable<SeenDataset>,
  peers: ReadonlyMap<string, SeenPeer>,
): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const { size, on } of datasets) {
    for (const peer of on) {
      const region = peers.get(peer)?.region ?? '';
      bytes[region] = (bytes[region] ?? 0) + size;
    }
  }
  return bytes;
}

function repairTimes(incidents: readonly Incident[]) {
  const times = incidents
    .flatMap(({ openedAt, closedAt }) => (closedAt === undefined ? [] : [closedAt - openedAt]))
    .sort((a, b) => a - b);
  const [median, longest] = [times[Math.floor((times.length - 1) / 2)], times.at(-1)];
  return median === undefined || longest === undefined ? undefined : { median, longest, count: times.length };
}

function looksOf(days: readonly PlaceDay[]) {
  const sum = (key: 'looks' | 'ok') => days.reduce((total, day) => total + day[key], 0);
  return { looks: sum('looks'), ok: sum('ok') };
}

function everOf(days: readonly PlaceDay[]) {
  const { looks, ok } = looksOf(days);
  return { looks, failures: looks - ok };
}
