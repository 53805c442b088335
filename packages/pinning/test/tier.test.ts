import type { Tier } from '@holdfast/manifest';
import { describe, expect, it } from 'vitest';
import { copiesFor, tiers } from '../src/desired/tier.ts';

describe('tiers', () => {
  it('promise the copies of the design', () => {
    const numbers = Object.entries(tiers).map(
      ([tier, { min, max, regions }]) => `${tier} ${min}/${max}/${regions}`,
    );
    expect(numbers).toEqual(['critical 5/7/3', 'important 3/5/2', 'standard 2/3/0', 'ephemeral 1/1/0']);
  });

  it('take a policy’s numbers, and keep the rest', () => {
    expect(copiesFor('critical', { critical: { min: 4 } })).toEqual({
      min: 4,
      max: 7,
      regions: 3,
      spread: 'always',
    });
    expect(copiesFor('standard', { critical: { min: 4 } })).toEqual(tiers.standard);
  });

  it.each([
    ['min above max', { min: 9 }, /max expected at least min \(9\), got 7/],
    ['a fraction', { max: 7.5 }, /max expected a whole number of at least 1, got 7.5/],
    ['no copies at all', { min: 0 }, /min expected a whole number of at least 1, got 0/],
    ['more regions than copies', { regions: 8 }, /regions expected at most max \(7\)/],
  ])('refuse %s', (_what, override, message) => {
    expect(() => copiesFor('critical', { critical: override })).toThrow(message);
  });

  it.each(['gold', 'constructor', '__proto__'])('know no tier %s', (name) => {
    expect(() => copiesFor(name as Tier)).toThrow(/expected one of critical, important, standard, ephemeral/);
  });
});
