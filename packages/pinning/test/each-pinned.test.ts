import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { eachPinned } from '../src/heal/each-pinned.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';
import { numberedCid } from './targets/compliance.ts';

const clock = new ManualClock();
const running = { owner, clock, random: () => 0.5, deadlineMs: 60_000, slice: 2 };
const requests = [1, 2, 3, 4, 5].map((number) => request(numberedCid(number), { copies: copies(2, 3) }));

async function* told() {
  yield* requests;
}

describe('more requests than fit in memory', () => {
  it('are asked for in slices, all of them before the first is waited for', async () => {
    const target = new MemoryTarget(peers(3));
    // Nobody has the content of the first: it must not keep the others from being asked for.
    target.progress = (cid) => (cid === numberedCid(1) ? Number.POSITIVE_INFINITY : 0);
    const seen: unknown[] = [];
    for await (const { results, outcome } of eachPinned({ [Symbol.asyncIterator]: told }, target, running))
      seen.push([outcome, results.length, target.pins.size]);
    expect(seen).toEqual([
      ['failed', 2, 5],
      ['satisfied', 2, 5],
      ['satisfied', 1, 5],
    ]);
    expect(target.count('pin')).toBe(5);
  });

  it('are gone through once where no copy is waited for', async () => {
    const target = new MemoryTarget(peers(3));
    const seen: number[] = [];
    for await (const { results } of eachPinned(requests, target, { ...running, wait: 'none' })) {
      seen.push(results.length, target.pins.size);
    }
    expect(seen).toEqual([2, 2, 2, 4, 1, 5]);
  });

  it('do not look twice at what was just planned, and do again later', async () => {
    const target = new MemoryTarget(peers(3));
    for await (const _ of eachPinned(requests, target, { ...running, wait: 'none' }));
    expect(target.count('look')).toBe(0);
  });
});
