import { patternFaults } from '@holdfast/manifest/internal';
import { describe, expect, test } from 'vitest';

const firstOf = (...patterns: string[]) => patternFaults(patterns)[0];

describe('patterns of manifests', () => {
  test.each([
    [['manifests/**']],
    [['./manifests/**', '!./manifests/skip/**']],
    [['**/*.json', '!manifests/skip/**']],
    [['manifests/.drafts/*.json']],
    [['manifests/{a,b}/*.json']],
    [['manifests/tides.json']],
  ])('%j can match', (patterns) => {
    expect(patternFaults(patterns)).toEqual([]);
  });

  test.each([
    ['/manifests/**'],
    ['.//manifests/**'],
    ['manifests//**'],
    ['manifests/'],
    ['../manifests/**'],
    ['manifests/../**'],
    ['manifests/./**'],
    ['.'],
    ['./'],
    ['!'],
    ['manifests\\tides\\**'],
    ['manifests/\u0000'],
    ['manifests/\u202e**'],
  ])('%j matches no path of a repository', (pattern) => {
    expect(firstOf('manifests/**', pattern)?.message).toMatch(/^expected a pattern of paths relative/);
  });

  test.each([
    [['!manifests/skip/**'], 'each pattern takes out'],
    [['manifests/**', '!manifests/**'], 'takes out all that the others match'],
    [['manifests/**', '!**'], '"!**" takes out all that the others match'],
  ])('%j leave nothing', (patterns, message) => {
    expect(patternFaults(patterns)[0]?.message).toContain(message);
  });

  test('a folder without what is in it is one file, and the hint says how to mean the folder', () => {
    expect(firstOf('manifests/tides')).toMatchObject({
      narrow: true,
      hint: 'for all that is in the folder: "manifests/tides/**"',
    });
  });
});
