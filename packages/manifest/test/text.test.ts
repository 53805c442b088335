import { describe, expect, it } from 'vitest';
import { bytes, commandPath, count, nearest } from '../src/text.ts';

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

describe('a path in a command', () => {
  it.each([
    ['manifests/x-1.0.0.json', 'manifests/x-1.0.0.json'],
    ['-x.json', './-x.json'],
    ['=x', '"=x"'],
    ['~/x.json', '"~/x.json"'],
    ['daten für b.json', '"daten für b.json"'],
    ["it's & calc.json", '"it\'s & calc.json"'],
    ['$(id).json', "'$(id).json'"],
    ['-r/`id`.json', "'./-r/`id`.json'"],
  ])('%s → %s', (path, word) => expect(commandPath(path, 'FILE')).toBe(word));

  it.each([
    '',
    'a\nb',
    // A soft hyphen, a no-break space, a private character, half of a surrogate pair: seen otherwise than they are.
    'a\u00adb',
    'a\u00a0b',
    'a\ue000b',
    'a\ud800b',
    // cmd replaces what stands between per cents, also between quotes.
    '%CMDCMDLINE:~-1%&calc',
    // Single quotes hold these in a POSIX shell and not in cmd or PowerShell.
    "$a'b",
    '$a&calc',
    '$a\u2019;calc',
  ])('%j is no word', (path) => expect(commandPath(path, 'FILE')).toBe('FILE'));
});
