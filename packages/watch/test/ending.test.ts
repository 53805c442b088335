import type { Dataset, Trust } from '@holdfast/manifest';
import { type EndingSources, endingsOf, metricsText, nearness, summarize } from '@holdfast/watch';
import { describe, expect, it } from 'vitest';
import { day, start } from './seen.ts';

const at = start;
const time = (days: number) => new Date(start + days * day).toISOString().replace(/\.\d{3}Z$/, 'Z');

function trustOf(until: Readonly<Record<string, number | undefined>>, threshold = 1, root?: number): Trust {
  const signers = Object.keys(until);
  return {
    signers: new Map(
      Object.entries(until).map(([name, days]) => [
        name,
        {
          name,
          keys: [],
          github: name === 'alice' ? '@alice' : undefined,
          validUntil: days === undefined ? undefined : new Date(start + days * day),
        },
      ]),
    ),
    rules: [{ patterns: ['manifests/**'], matches: () => true, signers, threshold, tiers: [] }],
    root: root === undefined ? undefined : { signers, threshold: root },
  } as unknown as Trust;
}

const sources = (more: Partial<EndingSources> = {}): EndingSources => ({
  datasets: [],
  trust: trustOf({ alice: undefined }),
  ...more,
});

const datasetUntil = (id: string, days: number, more: Partial<Dataset> = {}) => ({
  id,
  path: `manifests/${id.replace('@', '-v')}.json`,
  dataset: { expires: time(days), ...more } as Dataset,
});

describe('what ends', () => {
  it('is seen ahead of it, the soonest first, with the command that keeps it and who signs that', () => {
    const datasets = [
      datasetUntil('tides@1.0.0', 20),
      datasetUntil('winds@1.0.0', -1),
      datasetUntil('maps@1.0.0', 31),
      datasetUntil('gone@1.0.0', 5, { withdrawn: { reason: 'error' } }),
    ];
    const endings = endingsOf(sources({ datasets }), { at });
    expect(endings.map(({ id }) => id)).toEqual(['winds@1.0.0', 'tides@1.0.0']);
    expect(endings.map((ending) => nearness(ending, at))).toEqual(['over', 'month']);
    expect(endings[1]).toMatchObject({
      todo: `holdfast revise manifests/tides-v1.0.0.json --expires 2027-06-21T00:00:00Z`,
      signers: [{ name: 'alice', github: '@alice', command: 'holdfast sign manifests/tides-v1.0.0.json' }],
    });
    expect(endingsOf(sources({ datasets }), { at, withinMs: 40 * day })).toHaveLength(3);
  });

  it('of a signer says what nobody could change then', () => {
    const one = endingsOf(sources({ trust: trustOf({ alice: undefined, bob: 6 }) }), { at });
    expect(one).toEqual([
      expect.objectContaining({
        kind: 'signer',
        id: 'bob',
        what: 'bob: signatures count until then',
        signers: [],
      }),
    ]);
    expect(one.map((ending) => nearness(ending, at))).toEqual(['week']);
    const two = endingsOf(sources({ trust: trustOf({ alice: undefined, bob: 6 }, 2, 2) }), { at });
    expect(two[0]).toMatchObject({
      what: 'bob: signatures count until then; after that nobody can change manifests/**, the policy itself',
      todo: 'holdfast signer add bob --until 2027-06-07T00:00:00Z --rule "manifests/**"',
      signers: [{ name: 'alice', command: 'holdfast sign public-keys/policy.json' }, { name: 'bob' }],
    });
    // Both end on one day: each of them is one too few.
    const both = endingsOf(sources({ trust: trustOf({ alice: 6, bob: 6 }) }), { at });
    expect(both.every(({ what }) => what.includes('nobody can change manifests/**'))).toBe(true);
  });

  it('of a name is a record that nobody renews', () => {
    const names = [
      { dataset: 'tides', validUntil: start + 2 * day },
      { dataset: 'winds', validUntil: start + 0.5 * day },
    ];
    const endings = endingsOf(sources({ names }), { at });
    expect(endings).toEqual([
      expect.objectContaining({ kind: 'name', id: 'winds', todo: 'holdfast name publish winds' }),
    ]);
    expect(endings.map((ending) => nearness(ending, at))).toEqual(['day']);
  });

  it('is a metric', async () => {
    const endings = endingsOf(sources({ datasets: [datasetUntil('tides@1.0.0', 20)] }), { at });
    const text = metricsText(await summarize([], { at }), { endings });
    expect(text).toContain(
      `holdfast_ending_timestamp_seconds{kind="dataset",id="tides@1.0.0"} ${(start + 20 * day) / 1000}`,
    );
  });
});
