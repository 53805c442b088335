import { rootFromFiles } from '@holdfast/content/root';
import { checkChange } from '@holdfast/manifest';
import type { InlineDataset } from '@holdfast/manifest/internal';
import { describe, expect, it } from 'vitest';
import { datasetOf, publicKeyFile, signed } from '../../repository/test/dataset.ts';
import { acceptManifests, desiredPins } from '../src/index.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const keys = [{ path: 'alice.pub', bytes: encode(publicKeyFile('alice')) }];

interface Commit {
  readonly [path: string]: string;
}

const commitOf = (files: Commit, trustFiles = keys) => ({
  manifests: Object.entries(files).map(([path, text]) => ({ path, bytes: encode(text) })),
  trustFiles,
});

/** What a push from one commit to the other leaves to pin. */
async function judge(before: Commit, after: Commit, keysAfter = keys) {
  const report = await checkChange(commitOf(before), commitOf(after, keysAfter), {
    at: new Date('2026-02-01'),
    rootFromFiles,
    mode: 'all',
  });
  return acceptManifests(report);
}

const tides = (changes: Partial<InlineDataset> = {}) => datasetOf('tides', '1.0.0', changes);
const merged = { 'manifests/tides.json': signed(tides(), 'alice') };

describe('manifests of a commit', () => {
  it('that nobody changed are accepted, and are not changed', async () => {
    const { accepted, changed, refused, lapsed, problems } = await judge(merged, merged);
    expect(accepted.map(({ path, trust }) => [path, trust.signedBy])).toEqual([
      ['manifests/tides.json', ['alice']],
    ]);
    expect([changed.size, refused, lapsed, problems]).toEqual([0, [], [], []]);
  });

  it('that a push brings are refused with their first problem, the count of the rest, and what to do', async () => {
    const stranger = { 'manifests/waves.json': signed(datasetOf('waves', '1.0.0'), 'mallory') };
    const { accepted, changed, refused } = await judge(merged, { ...merged, ...stranger });
    expect(accepted).toHaveLength(1);
    expect(changed.size).toBe(0);
    expect(refused).toMatchObject([
      { id: 'waves@1.0.0', manifest: 'manifests/waves.json', verdict: 'refused', tier: 'standard' },
    ]);
    expect(refused[0]?.reason).toMatch(/\(and 1 more\); nothing of it was pinned$/);
    expect(refused[0]?.todo).toBeTruthy();
  });

  it('that a push spoils keep their pins, and are not asked for', async () => {
    const spoiled = { 'manifests/tides.json': signed(tides({ revision: 2 }), 'mallory') };
    const { accepted, refused } = await judge(merged, spoiled);
    expect(accepted).toEqual([]);
    expect(refused[0]?.reason).toMatch(/; its pins stay as they are$/);
  });

  it('that lost their signer lapse: their problems are apart from those of the push', async () => {
    const others = [{ path: 'bob.pub', bytes: encode(publicKeyFile('bob')) }];
    const report = await checkChange(commitOf(merged, others), commitOf(merged, others), {
      at: new Date('2026-02-01'),
      rootFromFiles,
      mode: 'all',
    });
    const { accepted, lapsed, problems, lapsedProblems } = acceptManifests(report);
    expect([accepted, problems]).toEqual([[], []]);
    expect(lapsed).toMatchObject([{ id: 'tides@1.0.0', verdict: 'refused' }]);
    expect(lapsedProblems.length).toBeGreaterThan(0);
  });

  it('that come in one push with keys are judged by the keys before it', async () => {
    const both = [...keys, { path: 'mallory.pub', bytes: encode(publicKeyFile('mallory')) }];
    const sound = { 'manifests/waves.json': signed(datasetOf('waves', '1.0.0'), 'alice') };
    const ridden = { 'manifests/rides.json': signed(datasetOf('rides', '1.0.0'), 'mallory') };
    const { accepted, refused, problems } = await judge(merged, { ...merged, ...sound, ...ridden }, both);
    expect(accepted.map(({ path }) => path).sort()).toEqual(['manifests/tides.json', 'manifests/waves.json']);
    expect(refused.map(({ id }) => id)).toEqual(['rides@1.0.0']);
    expect(problems.find(({ code }) => code === 'change/keys-and-manifests')?.severity).toBe('warning');
  });

  it('of one name and version are never both accepted', async () => {
    const twins = {
      'manifests/a.json': signed(tides(), 'alice'),
      'manifests/b.json': signed(tides(), 'alice'),
    };
    const { accepted, refused } = await judge({}, twins);
    expect(accepted).toEqual([]);
    expect(refused).toHaveLength(2);
  });
});

describe('what accepted manifests ask for', () => {
  it('is the copies of the tier, under the id, with the digest', async () => {
    const { accepted } = await judge(
      {},
      { 'manifests/tides.json': signed(tides({ tier: 'important' }), 'alice') },
    );
    const { requests, withdrawn } = desiredPins(accepted, 'github.com/o/r');
    expect(withdrawn).toEqual([]);
    expect(requests).toMatchObject([
      {
        id: 'tides@1.0.0',
        name: 'tides@1.0.0',
        owner: 'github.com/o/r',
        copies: { min: 3, max: 5, regions: 2 },
        metadata: { 'holdfast-digest': accepted[0]?.digest },
      },
    ]);
  });

  it('is nothing once they are withdrawn', async () => {
    const gone = signed(tides({ revision: 2, withdrawn: { reason: 'wrong' } }), 'alice');
    const { accepted, changed } = await judge(merged, { 'manifests/tides.json': gone });
    const { requests, withdrawn } = desiredPins(accepted, 'github.com/o/r');
    expect([requests, withdrawn, [...changed]]).toEqual([[], ['tides@1.0.0'], ['tides@1.0.0']]);
  });

  it('is refused to a caller who accepted one id twice', async () => {
    const { accepted } = await judge(merged, merged);
    expect(() => desiredPins([...accepted, ...accepted], 'github.com/o/r')).toThrow('tides@1.0.0 is in');
  });
});

it('passes over a merged tombstone that nobody may sign by now: it is not accepted, and not lapsed', async () => {
  const gone = { 'manifests/tides.json': signed(tides({ withdrawn: { reason: 'wrong' } }), 'mallory') };
  const { accepted, lapsed, refused, problems } = await judge(gone, gone);
  expect([accepted, lapsed, refused]).toEqual([[], [], []]);
  expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
});
