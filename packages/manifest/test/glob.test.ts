import { globMatcher } from '@holdfast/manifest/internal';
import { expect, test } from 'vitest';

test.each([
  [['manifests/*.json'], 'manifests/a.json', true],
  [['manifests/*.json'], 'manifests/deep/a.json', false],
  [['manifests/**'], 'manifests/deep/a.json', true],
  [['manifests/**/*.json'], 'manifests/a.json', true],
  [['**'], 'a', true],
  [['**'], '.github/a.json', false],
  [['.github/**'], '.github/a.json', true],
  [['manifests/**'], 'manifests/.a.json', false],
  [['manifests/{tides,waves}/*'], 'manifests/waves/a.json', true],
  [['manifests/[ab].json'], 'manifests/b.json', true],
  [['manifests/?.json'], 'manifests/ab.json', false],
  [['manifests/**', '!manifests/private/**'], 'manifests/private/a.json', false],
  [['manifests/**', '!manifests/private/**'], 'manifests/public/a.json', true],
  [['manifests/.drafts/*', '!manifests/**'], 'manifests/.drafts/a.json', false],
  [['!manifests/private/**'], 'manifests/public/a.json', false],
  [['manifests/*.json'], 'Manifests/a.json', false],
  [['manifests\\a.json'], 'manifests/a.json', false],
  [[], 'a', false],
])('%j on %s: %s', (patterns, path, expected) => {
  expect(globMatcher(patterns)(path)).toBe(expected);
});
