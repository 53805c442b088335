import { applyLine, compacted, type HistoryLine, lineOf, type Observation, summarize } from '@holdfast/watch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingKnown } from '../src/history/history-line.ts';
import { dataset, day, hour, minute, peer, place, seen, start } from './seen.ts';

/** The lines that a history would have of these rounds. */
function linesOf(rounds: readonly Observation[]): HistoryLine[] {
  const state = nothingKnown();
  return rounds.map((round, index) => {
    const line = lineOf(round, index === 0 ? undefined : state);
    applyLine(state, line);
    return line;
  });
}
const tides = (copies: number) => ({ datasets: { tides: dataset(copies) } });

describe('shares of time', () => {
  it('are unknown where nobody looked, never up', async () => {
    const rounds = [seen(start, tides(3)), seen(start + 12 * hour, tides(3))];
    const { datasets } = await summarize(linesOf(rounds), { at: start + day - 1, days: 1 });
    // A round speaks for twice the pause until the next: ten minutes.
    expect(datasets[0]?.knownMs).toBe(20 * minute);
    expect(datasets[0]?.days[0]?.unknown).toBeCloseTo(1 - (20 * minute) / day, 6);
    expect(datasets[0]?.available).toBe(1);
  });

  it('know nothing of a target that could not be asked', async () => {
    const rounds = [
      seen(start, tides(3)),
      seen(start + 5 * minute, { fault: 'connection refused' }),
      seen(start + 10 * minute, tides(3)),
    ];
    const summary = await summarize(linesOf(rounds), { at: start + 15 * minute, days: 1 });
    expect(summary.datasets[0]?.knownMs).toBe(10 * minute);
    expect([summary.rounds, summary.faults]).toEqual([3, 1]);
  });

  it('are split at midnight', async () => {
    const rounds = [seen(start - 2 * minute, tides(3)), seen(start + 3 * minute, tides(0))];
    const { datasets } = await summarize(linesOf(rounds), { at: start + 4 * minute, days: 2 });
    const [yesterday, today] = datasets[0]?.days ?? [];
    expect(yesterday?.healthy).toBeCloseTo((2 * minute) / day, 9);
    expect([today?.healthy, today?.lost]).toEqual([0.75, 0.25]);
  });

  it('count no round from the future', async () => {
    const lines = linesOf([seen(start, tides(3)), seen(start + 400 * day, tides(0))]);
    const summary = await summarize(lines, { at: start + minute });
    expect(summary.fromTheFuture).toBe(1);
    expect(summary.datasets[0]?.now?.copies).toBe(3);
  });

  it('drop in average copies when a peer vanishes from the answers', async () => {
    const before = {
      datasets: { tides: dataset(3) },
      peers: { oslo: peer(), lisbon: peer(), nairobi: peer() },
    };
    const after = { datasets: { tides: dataset(2) }, peers: { oslo: peer(), lisbon: peer() } };
    const rounds = [seen(start, before), seen(start + 5 * minute, after), seen(start + 10 * minute, after)];
    const summary = await summarize(linesOf(rounds), { at: start + 10 * minute });
    expect(summary.copies).toEqual({ average: 2.5, wanted: 3 });
    expect(summary.peers.find(({ id }) => id === 'nairobi')).toMatchObject({ now: undefined, up: 0.5 });
    expect(summary.incidents).toContainEqual(
      expect.objectContaining({ kind: 'peer', id: 'nairobi', what: 'the target no longer lists it' }),
    );
    expect(summary.storage).toEqual({ eu: 2000 });
  });

  it('keep those of a dataset that was away at the end of its first hour', async () => {
    const both = { datasets: { tides: dataset(3), maps: dataset(3) } };
    const rounds = [seen(start, both), seen(start + 8 * minute, tides(3)), seen(start + 62 * minute, both)];
    const end = start + 64 * minute;
    const { datasets } = await summarize(compacted(linesOf(rounds), hour, end), { at: end, days: 1 });
    expect(datasets.find(({ id }) => id === 'maps')?.knownMs).toBe(10 * minute);
  });

  it('are the same of rounds and of their hours, whatever happened', async () => {
    const step = fc.record({
      pause: fc.integer({ min: 1, max: 40 }),
      copies: fc.integer({ min: 0, max: 4 }),
      other: fc.option(fc.integer({ min: 0, max: 4 })),
      up: fc.boolean(),
      fault: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      ms: fc.option(fc.integer({ min: 1, max: 4000 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 80 }), async (steps) => {
        let at = start;
        const rounds = steps.map(({ pause, copies, other, up, fault, ms }) => {
          at += pause * minute;
          const places = { gateway: place(ms ?? undefined) };
          if (fault) return seen(at, { fault: 'refused', places });
          const datasets = { tides: dataset(copies), ...(other !== null && { other: dataset(other) }) };
          return seen(at, { datasets, peers: { oslo: peer({ up }) }, places });
        });
        // No round may begin so late in an hour that the next hour has none and the carried minutes are lost.
        const end = at + 10 * minute;
        const lines = linesOf(rounds);
        const raw = await summarize(lines, { at: end, days: 5 });
        const hours = await summarize(compacted(lines, hour, end), { at: end, days: 5 });
        for (const [index, { id, now, knownMs }] of raw.datasets.entries()) {
          const short = hours.datasets[index];
          expect([short?.id, short?.now]).toEqual([id, now]);
          expect(short?.knownMs).toBeLessThanOrEqual(knownMs);
          expect(short?.knownMs ?? 0).toBeGreaterThanOrEqual(
            knownMs - 10 * minute * steps.filter(({ pause }) => pause > 10).length - 10 * minute,
          );
        }
        expect([hours.rounds, hours.faults]).toEqual([raw.rounds, raw.faults]);
        expect(hours.places).toEqual(raw.places);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a summary', () => {
  it('has what came, went, and is worth another number of copies', async () => {
    const rounds = [
      seen(start, { fault: 'connection refused' }),
      seen(start + 5 * minute, { datasets: { tides: dataset(3) } }),
      seen(start + 10 * minute, { datasets: { tides: dataset(3), maps: dataset(3) } }),
      seen(start + 15 * minute, { datasets: { tides: dataset(3, { min: 2 }), maps: dataset(2) } }),
      seen(start + 20 * minute, { datasets: { tides: dataset(3, { min: 2 }) } }),
    ];
    const { changes } = await summarize(linesOf(rounds), { at: start + hour });
    expect(changes).toEqual([
      { at: start + 20 * minute, id: 'maps', what: 'removed' },
      { at: start + 15 * minute, id: 'tides', what: 'wants fewer copies' },
      { at: start + 10 * minute, id: 'maps', what: 'added' },
    ]);
  });

  it('to the last round is the same whenever it is made, and ends at midnight once that is old', async () => {
    const lines = linesOf([seen(start, tides(3)), seen(start + 7 * hour, tides(2))]);
    const at = (now: number) => summarize(lines, { at: now, days: 3, toLastRound: true });
    const soon = await at(start + 8 * hour);
    expect(soon.at).toBe(start + 7 * hour);
    expect(await at(start + 20 * hour)).toEqual(soon);
    const old = await at(start + 50 * hour);
    expect([old.at, old.datasets[0]?.days.at(-1)?.unknown]).toEqual([start + 2 * day, 1]);
    expect(await at(start + 60 * hour)).toEqual(old);
  });

  it('counts proofs over all of the history, of hours too', async () => {
    const shown = (minutes: number, refuted: number) =>
      seen(start + minutes * minute, { ...tides(3), proofs: { proved: 3, refuted, unreachable: 1 } });
    const lines = linesOf([shown(0, 0), shown(5, 2), seen(start + 10 * minute, tides(3)), shown(70, 0)]);
    const all = { proved: 9, refuted: 2, unreachable: 3 };
    expect((await summarize(lines, { at: start + day })).proofs).toEqual(all);
    const hours = compacted(lines, hour, start + day);
    expect(hours).toHaveLength(2);
    expect((await summarize(hours, { at: start + day })).proofs).toEqual(all);
    expect((await summarize(compacted(hours, day, start + day), { at: start + day })).proofs).toEqual(all);
  });
});

describe('incidents', () => {
  it('say what was lost, what fixed it and how long that took', async () => {
    const on = (peers: string[]) => ({ datasets: { tides: dataset(peers.length, { on: peers }) } });
    const peers = {
      oslo: peer({ name: 'Oslo' }),
      lima: peer({ name: 'Lima' }),
      perth: peer({ name: 'Perth' }),
    };
    const rounds = [
      seen(start, { ...on(['oslo', 'lima', 'rome']), peers }),
      seen(start + 5 * minute, {
        ...on(['lima', 'rome']),
        peers: { ...peers, oslo: peer({ name: 'Oslo', up: false }) },
      }),
      seen(start + 10 * minute, { ...on(['lima', 'rome', 'perth']), peers }),
    ];
    const { incidents, repairMs } = await summarize(linesOf(rounds), { at: start + 15 * minute });
    expect(incidents.find(({ kind }) => kind === 'dataset')).toEqual({
      kind: 'dataset',
      id: 'tides',
      openedAt: start + 5 * minute,
      closedAt: start + 10 * minute,
      severity: 'degraded',
      what: '2 of 3 copies: lost the copy on Oslo',
      fixedBy: 'a copy on Perth',
    });
    expect(repairMs).toMatchObject({ median: 5 * minute, count: 2 });
  });

  it('open for a place after three failures in a row, and close with the first answer', async () => {
    const answers = [20, undefined, undefined, 20, undefined, undefined, undefined, undefined, 30];
    const rounds = answers.map((ms, index) =>
      seen(start + index * 5 * minute, { places: { gateway: place(ms) } }),
    );
    const { incidents, places } = await summarize(linesOf(rounds), { at: start + hour });
    expect(incidents).toEqual([
      expect.objectContaining({
        kind: 'place',
        openedAt: start + 30 * minute,
        closedAt: start + 40 * minute,
        what: 'no answer in 5 s',
      }),
    ]);
    expect(places[0]).toMatchObject({ looks: 9, ok: 3, fault: undefined });
  });

  it('of 30 days alone, and those still open', async () => {
    const rounds = [
      seen(start, tides(2)),
      seen(start + minute, tides(3)),
      seen(start + 2 * minute, tides(1)),
    ];
    const { incidents } = await summarize(linesOf(rounds), { at: start + 60 * day });
    expect(incidents).toEqual([
      expect.objectContaining({ openedAt: start + 2 * minute, severity: 'degraded' }),
    ]);
  });
});
