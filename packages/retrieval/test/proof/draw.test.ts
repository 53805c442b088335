import { describe, expect, it } from 'vitest';
import { drawPlaces, findChance } from '../../src/proof.ts';

const cid = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';

describe('a draw', () => {
  it('comes from the seed, the CID and the peer, and from nothing else', () => {
    const draw = drawPlaces({ seed: '2f1c 2026-11-26T12:00:00Z', cid, peer: '12D3KooWpeer' }, 4, 1_000_000);
    // printf '%s\n%s\n%s\n0' "$SEED" "$CID" "$PEER" | sha256sum, its first 16 digits times 1,000,000 over 2^64.
    expect(draw).toEqual([125232, 327996, 289356, 121501]);
    expect(drawPlaces({ seed: 'other', cid, peer: '12D3KooWpeer' }, 4, 1_000_000)).not.toEqual(draw);
    expect(drawPlaces({ seed: '2f1c 2026-11-26T12:00:00Z', cid, peer: 'q' }, 4, 1_000_000)).not.toEqual(draw);
  });

  it('is uniform over the bytes, up to the largest total', () => {
    const counts = new Array<number>(20).fill(0);
    const total = 2 ** 53 - 1;
    for (const at of drawPlaces({ seed: 's', cid, peer: 'p' }, 20_000, total)) {
      expect(at >= 0 && at < total).toBe(true);
      const bin = Math.floor((at / total) * 20);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    // Chi-squared with 19 degrees of freedom: 43.8 is exceeded once in a thousand times.
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(43.8);
  });
});

describe('the chance to find a loss', () => {
  it('is 1 - (1 - share)^draws', () => {
    expect(findChance(100, 0.05)).toBeCloseTo(0.99408, 5);
    expect(findChance(16, 0.05)).toBeCloseTo(0.55987, 5);
    expect(findChance(0, 0.5)).toBe(0);
    expect(findChance(1, 1)).toBe(1);
  });

  it.each([
    [-1, 0.5],
    [1.5, 0.5],
    [1, -0.1],
    [1, 1.1],
    [1, Number.NaN],
  ])('refuses %d draws of a share of %d', (draws, share) => {
    expect(() => findChance(draws, share)).toThrow(RangeError);
  });
});
