import {
  checkChange,
  formatPublicKey,
  type Manifest,
  type Policy,
  type PrivateKey,
  type RepositoryState,
} from '@holdfast/manifest';
import type { InlineDataset } from '@holdfast/manifest/internal';
import { describe, expect, test } from 'vitest';
import { bytes, json, key, sample } from './sample.ts';

const people: Readonly<Record<string, PrivateKey>> = { alice: key(1), bob: key(2), carol: key(3) };
const keyOf = (name: string): PrivateKey => people[name] ?? key(9);

interface Rights {
  readonly rules: Policy['rules'];
  /** Who has a key in the folder. */
  readonly signers?: readonly string[];
  readonly revoked?: readonly string[];
  readonly tiers?: Policy['tiers'];
}

function trustFiles({ rules, signers = Object.keys(people), revoked = [], tiers }: Rights) {
  const policy = {
    version: 1,
    signers: Object.fromEntries(signers.map((name) => [name, { keys: [`${name}.pub`] }])),
    rules,
    revoked: revoked.map((name) => ({ keyid: keyOf(name).publicKey.keyid, reason: 'lost' })),
    ...(tiers && { tiers }),
  };
  return [
    ...signers.map((name) => ({
      path: `${name}.pub`,
      bytes: bytes(formatPublicKey(keyOf(name).publicKey)),
    })),
    { path: 'policy.json', bytes: json({ policy, signatures: [] }) },
  ];
}

const path = 'manifests/tides.json';
const rule = (changes: Partial<Policy['rules'][number]> = {}): Policy['rules'][number] => ({
  manifests: ['**'],
  signers: ['alice', 'bob'],
  threshold: 1,
  tiers: ['critical', 'important', 'standard', 'ephemeral'],
  ...changes,
});
const manifest = (dataset: Partial<InlineDataset>, ...signers: string[]) =>
  sample({ dataset: { tier: 'important', ...dataset }, signers: signers.map(keyOf) });
const withdrawn = { revision: 2, withdrawn: { reason: 'superseded' } } as const;

/** What the check says of a manifest that was merged, and is changed now that the policy grants what it does. */
async function change(rights: Rights, before: Manifest, after: Manifest) {
  const files = trustFiles(rights);
  const state = (one: Manifest): RepositoryState => ({
    manifests: [{ path, bytes: json(one) }],
    trustFiles: files,
  });
  const report = await checkChange(state(before), state(after), {
    at: new Date('2026-11-22T00:00:00Z'),
    repository: 'example/datasets',
    rootFromFiles: () => ({ cid: 'none' }),
  });
  return report.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

const elsewhere = rule({ manifests: ['manifests/else/**'] });
const merged = manifest({}, 'alice');

describe('a withdrawal', () => {
  test.each<[string, Rights]>([
    ['grants less space by now', { rules: [rule({ maxTotalSize: '1B' })] }],
    ['grants another tier by now', { rules: [rule({ tiers: ['ephemeral'] })] }],
  ])('passes although the rule %s', async (_, rights) => {
    expect(await change(rights, merged, manifest(withdrawn, 'alice'))).toEqual([]);
  });

  test('passes without a rule for the path, signed by those who signed what was merged', async () => {
    expect(await change({ rules: [elsewhere] }, merged, manifest(withdrawn, 'alice'))).toEqual([]);
    const both = manifest({}, 'alice', 'bob');
    expect(await change({ rules: [elsewhere] }, both, manifest(withdrawn, 'alice', 'bob'))).toEqual([]);
  });

  test('passes without a rule for the path where only one of the two who signed has a key left', async () => {
    const rights = { rules: [{ ...elsewhere, signers: ['alice'] }], signers: ['alice', 'carol'] };
    const both = manifest({}, 'alice', 'bob');
    expect(await change(rights, both, manifest(withdrawn, 'alice'))).toEqual([]);
  });

  test('passes by those who signed what was merged, though the rule names others by now', async () => {
    const rights = { rules: [rule({ signers: ['carol'] })] };
    expect(await change(rights, merged, manifest(withdrawn, 'alice'))).toEqual([]);
    expect(await change(rights, merged, manifest(withdrawn, 'carol'))).toEqual([]);
  });

  test.each<[string, Rights, Manifest, Manifest]>([
    ['a stranger', { rules: [rule()] }, merged, manifest(withdrawn, 'mallory')],
    ['a stranger where no rule matches', { rules: [elsewhere] }, merged, manifest(withdrawn, 'mallory')],
    ['a signer of other datasets', { rules: [elsewhere] }, merged, manifest(withdrawn, 'carol')],
    [
      'one of the two who signed',
      { rules: [rule({ threshold: 2 })] },
      manifest({}, 'alice', 'bob'),
      manifest(withdrawn, 'alice'),
    ],
    [
      'one of the two who signed where no rule matches',
      { rules: [elsewhere] },
      manifest({}, 'alice', 'bob'),
      manifest(withdrawn, 'alice'),
    ],
    [
      'one who signed, where the other lost the key and a rule matches',
      { rules: [rule({ signers: ['bob', 'carol'], threshold: 2 })], revoked: ['carol'] },
      manifest({}, 'alice', 'carol'),
      manifest(withdrawn, 'alice'),
    ],
    [
      'a key that is revoked',
      { rules: [elsewhere], revoked: ['alice'] },
      merged,
      manifest(withdrawn, 'alice'),
    ],
  ])('does not pass by %s', async (_, rights, before, after) => {
    expect(await change(rights, before, after)).not.toEqual([]);
  });

  test.each([
    ['may be carried out by a later run, too', [rule({ maxTotalSize: '1B', tiers: ['ephemeral'] })], true],
    ['makes no later run fail where nobody may sign there by now', [elsewhere], false],
  ] satisfies [string, Policy['rules'], boolean][])('that is merged %s', async (_, rules, ok) => {
    const files = trustFiles({ rules });
    const state = { manifests: [{ path, bytes: json(manifest(withdrawn, 'alice')) }], trustFiles: files };
    const report = await checkChange(state, state, {
      at: new Date('2026-11-22T00:00:00Z'),
      rootFromFiles: () => ({ cid: 'none' }),
      mode: 'all',
    });
    expect(report.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(report.changes).toMatchObject([{ kind: 'unchanged', trust: { ok } }]);
  });
});

describe('a step that only asks for less', () => {
  const small: Rights = { rules: [rule({ maxTotalSize: '1B' })] };

  test('passes although the rule grants less by now: a lower tier, an earlier end', async () => {
    expect(await change(small, merged, manifest({ revision: 2, tier: 'standard' }, 'alice'))).toEqual([]);
    const ends = { revision: 2, expires: '2030-01-01T00:00:00Z' };
    expect(await change(small, merged, manifest(ends, 'alice'))).toEqual([]);
    const sooner = { revision: 2, expires: '2029-01-01T00:00:00Z' };
    const ending = manifest({ expires: '2030-01-01T00:00:00Z' }, 'alice');
    expect(await change(small, ending, manifest(sooner, 'alice'))).toEqual([]);
  });

  test.each<[string, Rights, Partial<InlineDataset>]>([
    ['a higher tier', small, { tier: 'critical' }],
    [
      'a lower tier that has more regions',
      { ...small, tiers: { standard: { min: 2, max: 3, regions: 3 } } },
      { tier: 'standard' },
    ],
    ['the same copies', small, { description: 'Said otherwise' }],
  ])('does not pass with %s', async (_, rights, dataset) => {
    expect(await change(rights, merged, manifest({ revision: 2, ...dataset }, 'alice'))).toEqual([
      'trust/size-not-granted',
    ]);
  });

  test('does not pass without its signatures', async () => {
    expect(await change(small, merged, manifest({ revision: 2, tier: 'standard' }, 'mallory'))).toContain(
      'trust/not-enough-signers',
    );
  });

  test('is what the hint leads to, for the content of a merged version stays', async () => {
    const files = trustFiles(small);
    const state = (one: Manifest) => ({ manifests: [{ path, bytes: json(one) }], trustFiles: files });
    const { problems } = await checkChange(
      state(merged),
      state(manifest({ revision: 2, description: 'Said otherwise' }, 'alice')),
      { at: new Date('2026-11-22T00:00:00Z'), rootFromFiles: () => ({ cid: 'none' }) },
    );
    expect(problems[0]?.hint).toContain('holdfast revise manifests/tides.json --withdraw');
    expect(problems[0]?.hint).not.toContain('smaller');
  });
});
