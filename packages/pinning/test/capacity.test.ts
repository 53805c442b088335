import { describe, expect, it } from 'vitest';
import type { PinRequest } from '../src/desired/request.ts';
import { availabilityOf } from '../src/heal/availability.ts';
import { checkCapacity } from '../src/plan/capacity.ts';
import { planPins } from '../src/plan/plan.ts';
import { type MemoryPeer, MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';

function check(
  list: readonly (Partial<MemoryPeer> & { readonly id: string })[],
  wanted: readonly PinRequest[],
) {
  const info = new MemoryTarget(list).info();
  return checkCapacity(planPins(wanted, [], { owner, info, at: new Date(0) }), info);
}

describe('capacity', () => {
  it('is there, with the numbers', () => {
    const list = peers(3, ['eu', 'us']).map((peer) => ({ ...peer, freeSpace: 1_000 }));
    expect(check(list, [request('a', { totalSize: 500 })])).toEqual({
      ok: true,
      problems: [],
      peersUp: 3,
      peers: 3,
      regions: ['eu', 'us'],
      freeSpace: 3_000,
      bytes: 1_500,
    });
  });

  it.each([
    ['not-enough-peers', peers(3), request('a', { copies: copies(5, 7) }), 5, 3],
    ['no-peers', peers(3).map((peer) => ({ ...peer, up: false })), request('a'), 2, 0],
    ['not-enough-regions', peers(5, ['eu', 'us']), request('a', { copies: copies(3, 3, 3) }), 3, 2],
    [
      'not-enough-space',
      peers(3).map((peer, i) => ({ ...peer, freeSpace: i * 400 })),
      request('a', { totalSize: 500 }),
      2,
      1,
    ],
    [
      'not-enough-peers',
      peers(3).map((peer, index) => ({ ...peer, up: index > 0 })),
      request('a', { copies: copies(3, 3) }),
      3,
      2,
    ],
  ] as const)('%s', (code, list, wanted, needed, available) => {
    const report = check(list, [wanted]);
    expect(report.ok).toBe(false);
    expect(report.problems[0]).toMatchObject({ code, cids: ['a'], needed, available });
    expect(report.problems[0]?.message).toContain(String(needed));
  });

  it('of all steps together, where each alone would fit', () => {
    const list = peers(3).map((peer) => ({ ...peer, freeSpace: 1_000 }));
    const wanted = ['a', 'b'].map((cid) => request(cid, { totalSize: 600 }));
    expect(check(list, wanted).problems).toMatchObject([
      { code: 'not-enough-space', needed: 3_600, available: 3_000, cids: ['b'] },
    ]);
  });

  it('of one too many leaves room for what comes after it', () => {
    const list = peers(3).map((peer) => ({ ...peer, freeSpace: 1_000 }));
    const sizes = { a: 500, b: 700, c: 400 };
    const wanted = Object.entries(sizes).map(([cid, totalSize]) => request(cid, { totalSize }));
    expect(check(list, wanted).problems[0]).toMatchObject({
      cids: ['b'],
      message: expect.stringContaining('leaves out 1 of 3 CIDs'),
    });
  });

  it('does not ask for regions where peers have no tags, unless spread is wanted always', () => {
    expect(check(peers(3), [request('a', { copies: copies(3, 3, 2) })]).ok).toBe(true);
    const always = { ...copies(3, 3, 2), spread: 'always' as const };
    expect(check(peers(3), [request('a', { copies: always })]).problems[0]?.code).toBe('not-enough-regions');
  });
});

describe('availability', () => {
  it('is one minus (1 - p) to the power of the copies', () => {
    expect(availabilityOf(3, 0.9).unavailable).toBeCloseTo(0.001, 12);
    expect(availabilityOf(0, 0.9)).toMatchObject({ available: 0, unavailable: 1 });
    expect(availabilityOf(2).available).toBeCloseTo(0.9975, 12);
  });

  it.each([
    [-1, 0.9],
    [1.5, 0.9],
    [3, 1.1],
    [3, Number.NaN],
  ])('refuses %s copies at %s', (count, peer) => {
    expect(() => availabilityOf(count, peer)).toThrow(RangeError);
  });
});
