import { applyLine, type HistoryLine, type KnownState, nothingKnown } from '../history/history-line.ts';
import { stretchOf } from '../history/known-time.ts';
import { addProofs } from '../history/proof-sum.ts';
import { healths, type SeenDataset } from '../seen/observation.ts';
import { byDay, dayOf } from '../time/day.ts';
import { LatencyBuckets } from '../time/latency-buckets.ts';
import { SubjectClock } from './subject-clock.ts';

export interface PlaceDay {
  readonly day: number;
  looks: number;
  ok: number;
  readonly ms: LatencyBuckets;
}

/** Copies of all datasets over a day: sums over known time. */
export interface CopiesDay {
  readonly day: number;
  known: number;
  /** Copies, and copies wanted, times milliseconds. */
  copies: number;
  wanted: number;
  datasets: number;
}

/** That a dataset came, went, or is worth another number of copies. */
export interface DatasetChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
  readonly what: 'added' | 'removed' | 'wants more copies' | 'wants fewer copies';
}

const changesKept = 50;

/** Adds up lines in order of time: how long each dataset and peer was how, how often each place served. */
export class Ledger {
  readonly datasets = new SubjectClock();
  readonly peers = new SubjectClock();
  readonly places = new Map<
    string,
    { region?: string | undefined; fault?: string | undefined; days: PlaceDay[] }
  >();
  readonly copies: CopiesDay[] = [];
  readonly known: KnownState = nothingKnown();
  /** The latest ones, oldest first. */
  readonly changes: DatasetChange[] = [];
  readonly proofs = { proved: 0, refuted: 0, unreachable: 0 };
  rounds = 0;
  faults = 0;
  last: HistoryLine | undefined;
  #answered = false;
  #copiesNow = 0;
  #wantedNow = 0;

  add(line: HistoryLine): void {
    if (this.last !== undefined) this.#run(this.last, Date.parse(line.at));
    this.#take(line);
    this.last = line;
  }

  /** What the last line still speaks for. Nothing may be added after it. */
  end(at: number): void {
    if (this.last !== undefined) this.#run(this.last, at);
    this.datasets.settleAll();
    this.peers.settleAll();
  }

  #take(line: HistoryLine): void {
    this.rounds += line.sum?.rounds ?? 1;
    this.faults += line.sum?.faults ?? (line.fault === undefined ? 0 : 1);
    addProofs(this.proofs, line.sum?.proofs ?? line.proofs);
    this.#looked(line);
    const whole = line.whole === true && line.fault === undefined;
    const touched = whole
      ? [
          new Set([...this.known.datasets.keys(), ...Object.keys(line.datasets)]),
          new Set([...this.known.peers.keys(), ...Object.keys(line.peers)]),
        ]
      : [Object.keys(line.datasets), Object.keys(line.peers)];
    const before = new Map<string, SeenDataset | undefined>();
    for (const id of touched[0] ?? []) {
      before.set(id, this.known.datasets.get(id));
      this.#count(id, -1);
    }
    applyLine(this.known, line);
    // What the first answer has was there before anybody looked.
    if (this.#answered) for (const [id, was] of before) this.#changed(id, was, Date.parse(line.at));
    this.#answered ||= line.fault === undefined;
    for (const id of touched[0] ?? []) {
      this.#count(id, 1);
      const seen = this.known.datasets.get(id);
      if (seen === undefined) this.datasets.remove(id);
      else this.datasets.set(id, seen.health, seen.copies);
    }
    for (const id of touched[1] ?? []) {
      const seen = this.known.peers.get(id);
      // A peer that is no longer listed is down for all that anybody can say.
      this.peers.set(id, seen?.up ? 'healthy' : 'lost', 0);
    }
  }

  #changed(id: string, was: SeenDataset | undefined, at: number): void {
    const now = this.known.datasets.get(id);
    const what = changeOf(was, now);
    if (what === undefined) return;
    this.changes.push({ at, id, what });
    if (this.changes.length > changesKept) this.changes.shift();
  }

  #count(id: string, sign: 1 | -1): void {
    const seen = this.known.datasets.get(id);
    if (seen === undefined) return;
    this.#copiesNow += sign * seen.copies;
    this.#wantedNow += sign * seen.min;
  }

  #run(line: HistoryLine, next: number): void {
    const { from, to, known } = stretchOf(line, next);
    const apart = Object.entries(line.sum?.datasets ?? {});
    const peersApart = Object.entries(line.sum?.peers ?? {});
    for (const { day, known: ms } of byDay(from, to, known)) {
      this.datasets.run(
        day,
        ms,
        apart.map(([id]) => id),
      );
      this.peers.run(
        day,
        ms,
        peersApart.map(([id]) => id),
      );
      const sums = this.#copiesOf(day);
      sums.known += ms;
      sums.copies += this.#copiesNow * ms;
      sums.wanted += this.#wantedNow * ms;
      sums.datasets += this.known.datasets.size * ms;
    }
    for (const [id, [healthy, degraded, lost, least]] of apart) {
      for (const [index, ms] of [healthy, degraded, lost].entries())
        this.datasets.addApart(id, dayOf(from), healths[index] ?? 'lost', ms, least);
    }
    for (const [id, up] of peersApart) {
      this.peers.addApart(id, dayOf(from), 'healthy', up, 0);
      this.peers.addApart(id, dayOf(from), 'lost', known - up, 0);
    }
  }

  #copiesOf(day: number): CopiesDay {
    const last = this.copies.at(-1);
    if (last?.day === day) return last;
    const sums = { day, known: 0, copies: 0, wanted: 0, datasets: 0 };
    this.copies.push(sums);
    return sums;
  }

  #looked(line: HistoryLine): void {
    const day = dayOf(Date.parse(line.at));
    for (const [id, { region, ok, ms, fault }] of Object.entries(line.places)) {
      const place = this.#placeDay(id, region, day);
      this.#place(id).fault = fault;
      if (line.sum !== undefined) continue;
      place.looks += 1;
      if (!ok) continue;
      place.ok += 1;
      place.ms.add(ms);
    }
    for (const [id, { region, looks, ok, ms }] of Object.entries(line.sum?.places ?? {})) {
      const place = this.#placeDay(id, region, day);
      place.looks += looks;
      place.ok += ok;
      for (const [bucket, times] of ms) place.ms.addBucket(bucket, times);
    }
  }

  #place(id: string) {
    const known = this.places.get(id);
    if (known !== undefined) return known;
    const place = { days: [] as PlaceDay[] };
    this.places.set(id, place);
    return place as { region?: string | undefined; fault?: string | undefined; days: PlaceDay[] };
  }

  #placeDay(id: string, region: string | undefined, day: number): PlaceDay {
    const place = this.#place(id);
    place.region = region;
    const last = place.days.at(-1);
    if (last?.day === day) return last;
    const made = { day, looks: 0, ok: 0, ms: new LatencyBuckets() };
    place.days.push(made);
    return made;
  }
}

function changeOf(
  was: SeenDataset | undefined,
  now: SeenDataset | undefined,
): DatasetChange['what'] | undefined {
  if (now === undefined) return was === undefined ? undefined : 'removed';
  if (was === undefined) return 'added';
  if (now.min === was.min) return undefined;
  return now.min > was.min ? 'wants more copies' : 'wants fewer copies';
}
