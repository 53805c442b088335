import { describe, expect, it } from 'vitest';
import { bytes, count, nearest } from '../src/text.ts';

describe('nearest', () => {
  const tiers = ['critical', 'important', 'standard', 'ephemeral'];
  it.each([
    ['standart', 'standard'],
    ['improtant', 'important'],
    ['eph', 'ephemeral'],
    ['CRITICAL', 'critical'],
    ['zzz', undefined],
    ['', undefined],
  ])('%s → %s', (word, meant) => expect(nearest(word, tiers)).toBe(meant));
  it('does not look at what nobody can have meant', () =>
    expect(nearest('x'.repeat(65), ['x'.repeat(66)])).toBeUndefined());
});

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [48_211, '48.2 kB'],
    [999_999, '1.0 MB'],
    [412_000_000, '412 MB'],
    [2 ** 53 - 1, '9.0 PB'],
  ])('%d is %s', (value, text) => expect(bytes(value)).toBe(text));
  it('counts', () =>
    expect([count(1, 'copy', 'copies'), count(2, 'copy', 'copies')]).toEqual(['1 copy', '2 copies']));
  it('sets thousands apart', () => expect(count(1_234_567, 'file')).toBe('1,234,567 files'));
});
