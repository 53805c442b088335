import { describe, expect, it } from 'vitest';
import { defaultSpread, dueShare, inProofOrder, isDue } from '../src/proof.ts';

const cids = Array.from({ length: 500 }, (_, i) => `bafkrei${i}`);
const first = Date.parse('2026-11-26T23:00:00Z');
const day = (i: number) => new Date(first + i * 86_400_000);

describe('what is due', () => {
  it('is each dataset once a week, about as many each day', () => {
    for (const cid of cids) {
      const days = Array.from({ length: 28 }, (_, i) => isDue(cid, day(i), defaultSpread));
      expect(days.filter(Boolean)).toHaveLength(4);
    }
    for (let i = 0; i < 7; i++) {
      const due = cids.filter((cid) => isDue(cid, day(i), defaultSpread)).length;
      expect(due).toBeGreaterThan(40);
      expect(due).toBeLessThan(110);
    }
  });

  it('is every byte within a quarter', () => {
    for (const cid of cids.slice(0, 50)) {
      const parts = Array.from({ length: 90 }, (_, i) => day(i))
        .filter((at) => isDue(cid, at, defaultSpread))
        .map((at) => dueShare(cid, at, defaultSpread));
      const sorted = [...new Set(parts.map(({ from }) => from))].sort((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: 12 }, (_, i) => i / 12));
      expect(parts.every(({ from, to }) => Math.abs(to - from - 1 / 12) < 1e-9)).toBe(true);
    }
  });

  it('comes first, and the others in another order each time', () => {
    const at = day(3);
    const one = inProofOrder(cids, 'seed 1', at, defaultSpread);
    const due = cids.filter((cid) => isDue(cid, at, defaultSpread));
    expect(new Set(one.slice(0, due.length))).toEqual(new Set(due));
    expect(one.toSorted()).toEqual(cids.toSorted());
    expect(inProofOrder(cids, 'seed 2', at, defaultSpread)).not.toEqual(one);
    expect(inProofOrder(cids.toReversed(), 'seed 1', at, defaultSpread)).toEqual(one);
  });
});
