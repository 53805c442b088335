import { type InlineDataset, inlineFiles } from '@holdfast/manifest/internal';
import type { ApplyReport, CidResult, Coverage } from '@holdfast/pinning';
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../repository/test/dataset.ts';
import { type AcceptedManifest, appliedResults, desiredPins } from '../src/index.ts';

const file = (changes: Partial<InlineDataset> = {}): AcceptedManifest => ({
  path: 'manifests/tides-v1.0.0.json',
  manifest: { dataset: datasetOf('tides', '1.0.0', changes), signatures: [] },
  digest: 'd'.repeat(64),
  trust: { ok: true, signedBy: ['alice'], problems: [] } as unknown as AcceptedManifest['trust'],
  files: inlineFiles([]),
});

function settle(result: Partial<CidResult>, changes = {}) {
  const desired = desiredPins([file(changes)], 'github.com/o/r');
  const known = { cid: 'bafy', ids: ['tides@1.0.0'], name: 'tides@1.0.0', reason: 'because', elapsedMs: 1 };
  const results = [{ ...known, ...result } as CidResult];
  const [settled] = appliedResults({ results } as unknown as ApplyReport, desired, { changed: new Set() });
  return settled;
}

const copies: Coverage = {
  outcome: 'satisfied',
  copies: 3,
  wanted: { min: 2, max: 3, regions: 0, spread: 'where-tagged' },
  regions: [],
  regionsNeeded: 0,
  peers: [],
  missing: '',
};

describe('a dataset', () => {
  it.each(['expired', 'unpin', 'release'] as const)(
    'whose end has passed (%s) has ended: nobody says that its copies exist',
    (step) => {
      expect(settle({ step, outcome: 'satisfied' }, { expires: '2026-01-01T00:00:00Z' })).toMatchObject({
        verdict: 'ended',
      });
    },
  );

  it('whose pin could not be removed has failed', () => {
    expect(settle({ step: 'unpin', outcome: 'failed' })?.verdict).toBe('failed');
  });

  it('with all its copies whose pin was not changed in time is told to be run again', () => {
    const late = settle({ step: 'extend', outcome: 'degraded', coverage: copies });
    expect(late).toMatchObject({ verdict: 'degraded', todo: 'Run again: it continues where it stopped.' });
  });
});
