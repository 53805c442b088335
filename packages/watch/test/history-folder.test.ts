import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HistoryLine, summarize } from '@holdfast/watch';
import { openHistory } from '@holdfast/watch/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataset, day, minute, peer, seen, start } from './seen.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-history-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function all(): Promise<HistoryLine[]> {
  const lines: HistoryLine[] = [];
  for await (const line of openHistory(folder).lines()) lines.push(line);
  return lines;
}
const june = () => join(folder, '2026-06.jsonl');
const three = (copies: number) => ({ datasets: { 'tides@1.0.0': dataset(copies) }, peers: { oslo: peer() } });

describe('a history in a folder', () => {
  it('says only what changed since the line before, and stands alone at the start of a month', async () => {
    const history = openHistory(folder);
    await history.append(seen(start, three(3)));
    await history.append(seen(start + 5 * minute, three(3)));
    await history.append(seen(start + 10 * minute, three(2)));
    await history.append(seen(start + 30 * day, three(2)));
    const lines = await all();
    expect(lines.map(({ whole, datasets }) => [whole ?? false, Object.keys(datasets).length])).toEqual([
      [true, 1],
      [false, 0],
      [false, 1],
      [true, 1],
    ]);
    expect(await readFile(join(folder, '.gitattributes'), 'utf8')).toContain('merge=union');
  });

  it('loses one round where a writer was killed in the middle of a line, and says which', async () => {
    const history = openHistory(folder);
    await history.append(seen(start, three(3)));
    await history.append(seen(start + 5 * minute, three(2)));
    const { length } = await readFile(june());
    await truncate(june(), length - 40);
    await history.append(seen(start + 10 * minute, three(2)));

    const read = openHistory(folder);
    const lines: HistoryLine[] = [];
    for await (const line of read.lines()) lines.push(line);
    expect(lines).toHaveLength(2);
    expect(read.faults).toEqual([
      { file: june(), line: 2, why: 'it is not whole: the writer was interrupted' },
    ]);
    // The change that was lost with the line is told by the next one.
    const { datasets } = await summarize(lines, { at: start + 15 * minute });
    expect(datasets[0]?.now?.copies).toBe(2);
  });

  it('stands alone again where the first line of the month is lost', async () => {
    const history = openHistory(folder);
    await history.append(seen(start, three(3)));
    await truncate(june(), 20);
    await history.append(seen(start + 5 * minute, three(3)));
    expect((await all()).map(({ whole }) => whole)).toEqual([true]);
  });

  it('passes over a line that is something else, and names what is wrong', async () => {
    const history = openHistory(folder);
    await history.append(seen(start, three(3)));
    await appendFile(june(), '{"v":1,"at":"yesterday"}\n[]\nnull\n\u0000\n');
    await history.append(seen(start + 5 * minute, three(3)));
    const read = openHistory(folder);
    let lines = 0;
    for await (const _ of read.lines()) lines += 1;
    expect([lines, read.faults.map(({ line }) => line)]).toEqual([2, [2, 3, 4, 5]]);
    expect(read.faults[0]?.why).toContain('at');
  });

  it('takes the lines of two writers, in order of time', async () => {
    const [one, two] = [openHistory(folder), openHistory(folder)];
    const rounds = Array.from({ length: 40 }, (_, index) =>
      seen(start + index * minute, three(1 + (index % 3))),
    );
    await Promise.all(rounds.map((round, index) => (index % 2 ? one : two).append(round)));
    const lines = await all();
    expect(lines.map(({ at }) => Date.parse(at))).toEqual(rounds.map(({ at }) => at));
    const { datasets } = await summarize(lines, { at: start + 41 * minute });
    expect(datasets[0]?.now?.copies).toBe(1 + (39 % 3));
  });

  it('counts a line once that a merge of branches left twice', async () => {
    await openHistory(folder).append(seen(start, three(3)));
    await appendFile(june(), await readFile(june(), 'utf8'));
    expect(await all()).toHaveLength(1);
  });

  it('is empty without a folder', async () => {
    await rm(folder, { recursive: true });
    expect(await all()).toEqual([]);
    await openHistory(folder).append(seen(start));
    expect(await all()).toHaveLength(1);
  });
});

describe('compaction', () => {
  const at = start + 70 * day;
  beforeEach(async () => {
    const history = openHistory(folder);
    for (let round = 0; round < 400; round += 1)
      await history.append(seen(start + round * 5 * minute, three(round % 7 === 0 ? 2 : 3)));
  });

  it('keeps shares, copies and counts of months that became hours', async () => {
    const before = await summarize(await all(), { at });
    const history = openHistory(folder);
    expect(await history.compact(at)).toBe(1);
    expect(await history.compact(at)).toBe(0);
    const lines = await all();
    expect(lines).toHaveLength(34);
    const after = await summarize(lines, { at });
    expect(after.datasets).toEqual(before.datasets);
    expect(after.peers).toEqual(before.peers);
    expect([after.rounds, after.faults]).toEqual([before.rounds, before.faults]);
  });

  it('is ended by the next run where it was killed before, in the middle and after', async () => {
    const whole = await all();
    const summary = await summarize(whole, { at });
    const raw = await readFile(june(), 'utf8');
    // Killed after the long form was set aside.
    await rm(june());
    await writeFile(`${june()}.compacting`, raw);
    expect(await all()).toEqual(whole);
    expect(await openHistory(folder).compact(at)).toBe(1);
    expect((await summarize(await all(), { at })).datasets).toEqual(summary.datasets);
    // Killed before the long form was removed.
    await writeFile(`${june()}.compacting`, raw);
    expect(await all()).toHaveLength(34);
    expect(await openHistory(folder).compact(at)).toBe(0);
    expect(await all()).toHaveLength(34);
  });

  it('keeps a line that comes late', async () => {
    await openHistory(folder).compact(at);
    await openHistory(folder).append(seen(start + 20 * day, three(3)));
    expect(await all()).toHaveLength(35);
    await openHistory(folder).compact(at);
    expect(await all()).toHaveLength(35);
  });

  it('makes days of what is a year old', async () => {
    const { datasets } = await summarize(await all(), { at, days: 90 });
    const later = start + 500 * day;
    expect(await openHistory(folder).compact(later)).toBe(2);
    const lines = await all();
    expect(lines).toHaveLength(2);
    const after = await summarize(lines, { at, days: 90 });
    expect(after.datasets[0]?.days).toEqual(datasets[0]?.days);
  });
});
