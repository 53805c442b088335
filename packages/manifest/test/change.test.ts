import {
  type ChangeOptions,
  type ChangeReport,
  checkChange,
  type DatasetFile,
  formatPublicKey,
  type Manifest,
  manifestDigest,
  type PolicyDocument,
  type PrivateKey,
  type RepositoryState,
  signManifest,
  type TrustFile,
} from '@holdfast/manifest';
import { type InlineDataset, type ManifestFile, signPolicyUnchecked } from '@holdfast/manifest/internal';
import { describe, expect, test } from 'vitest';
import { bytes, json, key, sample } from './sample.ts';

const [alice, bob, mallory] = [key(1), key(2), key(3)];
const pub = (name: string, privateKey: PrivateKey): TrustFile => ({
  path: `${name}.pub`,
  bytes: bytes(formatPublicKey(privateKey.publicKey)),
});
const keys = [pub('alice', alice)];
const options: ChangeOptions = {
  at: new Date('2026-11-22T00:00:00Z'),
  repository: 'example/datasets',
  rootFromFiles: () => ({ cid: 'none' }),
};

const signed = (dataset: Partial<InlineDataset> = {}, signer = alice) =>
  sample({ dataset, signers: [signer] });
const file = (path: string, manifest: Manifest): ManifestFile => ({
  path: `manifests/${path}.json`,
  bytes: json(manifest),
});
const state = (
  manifests: readonly ManifestFile[],
  trustFiles: readonly TrustFile[] = keys,
): RepositoryState => ({ manifests, trustFiles });
const check = (
  base: readonly ManifestFile[],
  head: readonly ManifestFile[],
  extra: Partial<ChangeOptions> = {},
) => checkChange(state(base), state(head), { ...options, ...extra });
const codesOf = async (report: Promise<ChangeReport> | ChangeReport) =>
  (await report).problems.map(({ code }) => code);
const tides = file('tides', signed());

describe('manifests', () => {
  test('a new manifest, signed, passes; unsigned or by a stranger it does not', async () => {
    const report = await check([], [tides]);
    expect(report).toMatchObject({
      ok: true,
      problems: [],
      changes: [
        { kind: 'add', path: 'manifests/tides.json', trust: { explanation: 'needs 1 of alice; has alice' } },
      ],
    });
    expect(await codesOf(check([], [file('tides', sample())]))).toEqual(['trust/not-enough-signers']);
    expect((await check([], [file('tides', signed({}, mallory))])).ok).toBe(false);
  });

  test('nothing changed is nothing to check', async () => {
    expect(await check([tides], [tides])).toMatchObject({ ok: true, changes: [], problems: [] });
  });

  test('a change of anything but the content takes the next revision', async () => {
    const edited = (dataset: Partial<InlineDataset>) => check([tides], [file('tides', signed(dataset))]);
    expect(await edited({ tier: 'critical', revision: 2 })).toMatchObject({
      ok: true,
      changes: [{ kind: 'update' }],
    });
    for (const revision of [1, 3])
      expect(await codesOf(edited({ tier: 'critical', revision }))).toEqual(['change/wrong-revision']);
    expect(
      await codesOf(check([file('tides', signed({ revision: 5, tier: 'ephemeral' }))], [tides])),
    ).toEqual(['change/wrong-revision']);
  });

  test('an edit needs a fresh signature', async () => {
    const old = signed();
    const edited = { ...old, dataset: { ...old.dataset, tier: 'critical' as const, revision: 2 } };
    expect(await codesOf(check([tides], [file('tides', edited)]))).toEqual([
      'trust/not-enough-signers',
      'signature/invalid',
    ]);
  });

  test('another signature alone takes no revision', async () => {
    const both = await signManifest(signed(), bob);
    const trustFiles = [...keys, pub('bob', bob)];
    expect(
      await checkChange(state([tides], trustFiles), state([file('tides', both)], trustFiles), options),
    ).toMatchObject({ ok: true, changes: [{ kind: 'update' }] });
  });

  test.each([
    [{ profile: 'custom' as const }, '/dataset/profile'],
    [
      { files: [{ ...signed().dataset.files[0], path: 'other.csv' }] as readonly DatasetFile[] },
      '/dataset/files',
    ],
    [
      { files: [{ ...signed().dataset.files[0], size: 6 }] as readonly DatasetFile[], totalSize: 6 },
      '/dataset/totalSize',
    ],
  ])('the content of a merged version never changes: %#', async (dataset, pointer) => {
    const { problems } = await check([tides], [file('tides', signed({ ...dataset, revision: 2 }))]);
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'change/content-changed',
        path: pointer,
        file: 'manifests/tides.json',
      }),
    );
  });

  test('one name and version exists once', async () => {
    expect(await codesOf(check([tides], [tides, file('copy', signed())]))).toEqual([
      'change/duplicate-version',
    ]);
    expect(await codesOf(check([], [tides, file('copy', signed())]))).toEqual([
      'change/duplicate-version',
      'change/duplicate-version',
    ]);
  });

  test('a manifest is not deleted before it is withdrawn', async () => {
    expect(await codesOf(check([tides], []))).toEqual(['change/deleted']);
    const withdrawn = file('tides', signed({ revision: 2, withdrawn: { reason: 'wrong datum' } }));
    expect(await check([tides], [withdrawn])).toMatchObject({ ok: true, changes: [{ kind: 'withdraw' }] });
    expect(await codesOf(check([withdrawn], []))).toEqual(['change/tombstone-deleted']);
    expect(await codesOf(check([withdrawn], [file('tides', signed({ revision: 3 }))]))).toEqual([
      'change/revived',
    ]);
  });

  test('a rename is told and refused, with or without an edit', async () => {
    const moved = await check([tides], [file('moved', signed())]);
    expect(moved.changes).toMatchObject([
      { kind: 'rename', path: 'manifests/moved.json', from: 'manifests/tides.json' },
    ]);
    expect(await codesOf(moved)).toEqual(['change/renamed']);
    expect(await codesOf(check([tides], [file('moved', signed({ revision: 2, tier: 'critical' }))]))).toEqual(
      ['change/renamed'],
    );
  });

  test('what to do about a rename or a deletion can be pasted, unless the path is odd', async () => {
    const [moved] = (await check([tides], [file('moved', signed())])).problems;
    expect(moved?.hint).toContain('git mv manifests/moved.json manifests/tides.json');
    const [deleted] = (await check([tides], [])).problems;
    expect(deleted?.hint).toContain('holdfast revise manifests/tides.json --withdraw "<reason>"');
    const [odd] = (await check([file("$(id)'", signed())], [])).problems;
    expect(odd?.hint).toContain('holdfast revise <manifest> --withdraw');
  });

  test('a file does not become another version', async () => {
    expect(await codesOf(check([tides], [file('tides', signed({ version: '1.0.1' }))]))).toEqual([
      'change/identity-changed',
    ]);
  });

  test('a manifest for another repository is refused; case does not matter', async () => {
    expect(await codesOf(check([], [file('tides', signed({ repository: 'example/other' }))]))).toEqual([
      'change/wrong-repository',
    ]);
    expect((await check([], [file('tides', signed({ repository: 'Example/Datasets' }))])).ok).toBe(true);
  });

  test('previous matches the base, by digest', async () => {
    const next = (digest: string, version = '1.0.0') =>
      check([tides], [tides, file('next', signed({ version: '1.1.0', previous: { version, digest } }))]);
    const digest = manifestDigest(signed().dataset);
    expect((await next(digest)).ok).toBe(true);
    expect(await codesOf(next('0'.repeat(64)))).toEqual(['change/wrong-previous']);
    expect(await codesOf(next(digest, '0.9.0'))).toEqual(['change/wrong-previous']);
  });

  test('a backport is a warning, and fails where warnings do', async () => {
    const backport = [tides, file('old', signed({ version: '0.9.0' }))];
    expect(await check([tides], backport)).toMatchObject({
      ok: true,
      problems: [{ code: 'change/backport', severity: 'warning' }],
    });
    expect((await check([tides], backport, { strict: true })).ok).toBe(false);
  });

  test('a list of files that does not make the root is refused', async () => {
    const one = signed().dataset.files[0];
    const two = signed({
      files: [
        { ...one, path: 'a' },
        { ...one, path: 'b' },
      ] as readonly DatasetFile[],
      totalSize: 10,
    });
    expect(await codesOf(check([], [file('two', two)]))).toEqual(['proof/wrong-root']);
    expect(
      (await check([], [file('two', two)], { rootFromFiles: () => ({ cid: two.dataset.cid }) })).ok,
    ).toBe(true);
    const fail = () => {
      throw Object.assign(new Error('their HAMT hashes are equal'), { code: 'path-conflict' });
    };
    expect((await check([], [file('two', two)], { rootFromFiles: fail })).problems[0]?.message).toContain(
      'their HAMT hashes are equal',
    );
  });

  test('a CID of one block that holds another SHA-256 is refused', async () => {
    const files = [{ ...signed().dataset.files[0], sha256: '0'.repeat(64) }] as readonly DatasetFile[];
    expect(await codesOf(check([], [file('tides', signed({ files }))]))).toEqual(['proof/wrong-file-cid']);
    const large = [{ ...signed().dataset.files[0], size: 1024 * 1024 + 1 }] as readonly DatasetFile[];
    expect(
      await codesOf(check([], [file('tides', signed({ files: large, totalSize: 1024 * 1024 + 1 }))])),
    ).toEqual(['proof/wrong-file-form']);
  });

  test('an unreadable manifest has the problems of its file', async () => {
    expect(await check([], [{ path: 'manifests/x.json', bytes: bytes('{') }])).toMatchObject({
      ok: false,
      problems: [{ code: 'json/syntax', file: 'manifests/x.json' }],
    });
  });

  test('a change may repair what is broken on the base', async () => {
    const report = await check([{ path: 'manifests/tides.json', bytes: bytes('{') }], [tides]);
    expect(report).toMatchObject({
      ok: true,
      problems: [{ code: 'change/invalid-base', severity: 'warning' }],
    });
  });
});

describe('keys and policy', () => {
  test('trust is the base’s: a change cannot bring the key that approves it', async () => {
    const report = await checkChange(
      state([]),
      state([file('evil', signed({}, mallory))], [...keys, pub('mallory', mallory)]),
      options,
    );
    expect(await codesOf(report)).toEqual([
      'change/keys-and-manifests',
      'trust/not-enough-signers',
      'trust/unknown-key',
    ]);
    expect(report.changes).toMatchObject([
      { kind: 'keys', problems: [{ code: 'change/keys-and-manifests', file: 'public-keys/mallory.pub' }] },
      { kind: 'add' },
    ]);
  });

  test('keys change in a change of their own', async () => {
    const report = await checkChange(state([tides]), state([tides], [...keys, pub('bob', bob)]), options);
    expect(report).toMatchObject({ ok: true, changes: [{ kind: 'keys', path: 'public-keys/bob.pub' }] });
    const broken = await checkChange(
      state([tides]),
      state([tides], [...keys, { path: 'bob.pub', bytes: bytes('ssh-rsa AAAA') }]),
      options,
    );
    expect(await codesOf(broken)).toEqual(['key/unsupported-type']);
  });

  test('without a base the head answers for itself', async () => {
    expect(await checkChange(undefined, state([tides]), options)).toMatchObject({
      ok: true,
      changes: [{ kind: 'add' }],
    });
    expect((await checkChange(undefined, state([file('tides', signed({}, mallory))]), options)).ok).toBe(
      false,
    );
    expect(await codesOf(checkChange(undefined, state([tides], []), options))).toContain('policy/no-signers');
  });

  const both = [pub('alice', alice), pub('bob', bob)];
  const keyids = (...all: PrivateKey[]) => all.map(({ publicKey }) => publicKey.keyid);
  const signers = {
    alice: { keys: ['alice.pub'], keyids: keyids(alice) },
    bob: { keys: ['bob.pub'], keyids: keyids(bob) },
  };
  const rules: PolicyDocument['policy']['rules'] = [
    { manifests: ['**'], signers: ['alice', 'bob'], threshold: 1, tiers: ['standard'] },
  ];
  const root = { signers: ['alice', 'bob'], threshold: 2 };
  const base: PolicyDocument['policy'] = { version: 3, signers, rules, root };
  const withPolicy = (
    policy: PolicyDocument['policy'],
    by: readonly PrivateKey[] = [],
    files: readonly TrustFile[] = both,
  ) => {
    const document = by.reduce<PolicyDocument>(signPolicyUnchecked, { policy, signatures: [] });
    return state([], [...files, { path: 'policy.json', bytes: json(document) }]);
  };
  const change = (after: RepositoryState, before = withPolicy(base)) =>
    codesOf(checkChange(before, after, options));

  test('with a root a policy takes the next version and the signatures of the root', async () => {
    expect(await change(withPolicy({ ...base, version: 4 }, [alice, bob]))).toEqual([]);
    expect(await change(withPolicy({ ...base, version: 5 }, [alice, bob]))).toEqual([
      'change/policy-version',
    ]);
    const wider = rules.map((rule) => ({ ...rule, tiers: [...rule.tiers, 'critical' as const] }));
    expect(await change(withPolicy({ ...base, version: 3, rules: wider }, [alice, bob]))).toEqual([
      'change/policy-version',
    ]);
    expect(await change(withPolicy({ ...base, version: 4 }, [alice]))).toEqual([
      'change/policy-not-signed',
      'change/policy-not-signed',
    ]);
    expect(await change(withPolicy({ ...base, version: 4 }, [alice, mallory]))).toEqual([
      'change/policy-not-signed',
      'change/policy-not-signed',
    ]);
  });

  describe('the signers of one rule do not publish the datasets of another', () => {
    const carol = key(9);
    const policy = {
      version: 1,
      signers: { ...signers, carol: { keys: ['carol.pub'] } },
      rules: [
        { manifests: ['manifests/sea/**'], signers: ['alice', 'bob'], threshold: 2, tiers: ['standard'] },
        { manifests: ['**'], signers: ['alice', 'bob', 'carol'], threshold: 1, tiers: ['standard'] },
      ],
    };
    const trustFiles = [
      ...both,
      pub('carol', carol),
      { path: 'policy.json', bytes: json({ policy, signatures: [] }) },
    ];
    const version = (number: string, ...by: readonly PrivateKey[]) =>
      sample({ dataset: { version: number }, signers: by });
    const merged = [
      file('sea/tides-1', version('1.0.0', alice, bob)),
      file('sea/tides-2', version('2.0.0', alice, bob)),
    ];
    const add = (path: string, manifest: Manifest, before = merged) =>
      checkChange(state(before, trustFiles), state([...before, file(path, manifest)], trustFiles), options);

    test('under a path where their own signature is enough', async () => {
      const squatted = await add('elsewhere/tides-3', version('3.0.0', carol));
      expect(await codesOf(squatted)).toEqual(['trust/other-rule']);
      expect(squatted.problems[0]?.message).toBe(
        'tides is under the rule of "manifests/sea/tides-2.json", which needs 2 of alice, bob; has none',
      );
      expect(await codesOf(add('elsewhere/tides-1.5', version('1.5.0', carol)))).toContain(
        'trust/other-rule',
      );
      expect((await add('elsewhere/tides-3', version('3.0.0', alice, bob))).problems).toEqual([]);
      expect((await add('sea/tides-3', version('3.0.0', alice, bob))).problems).toEqual([]);
    });

    test('while a dataset of their own is theirs, and may come under a stricter rule', async () => {
      const own = [file('free/tides-1', version('1.0.0', carol))];
      expect((await add('other/tides-2', version('2.0.0', carol), own)).problems).toEqual([]);
      expect((await add('sea/tides-2', version('2.0.0', alice, bob), own)).problems).toEqual([]);
    });
  });

  test('a new root signs as well as the old one', async () => {
    const carol = key(9);
    const files = [...both, pub('carol', carol)];
    const next = {
      ...base,
      version: 4,
      signers: { ...signers, carol: { keys: ['carol.pub'], keyids: keyids(carol) } },
      root: { signers: ['carol'], threshold: 1 },
    };
    expect(await change(withPolicy(next, [alice, bob, carol], files))).toEqual([]);
    expect(await change(withPolicy(next, [alice, bob], files))).toEqual(['change/policy-not-signed']);
    expect(await change(withPolicy(next, [carol], files))).toEqual(['change/policy-not-signed']);
  });

  test('a key file is not swapped under a signed policy', async () => {
    const swapped = [pub('alice', alice), pub('bob', mallory)];
    expect(await change(withPolicy({ ...base, version: 4 }, [alice, bob], swapped))).toContain(
      'policy/wrong-keyid',
    );
    expect(await change(withPolicy(base, [], swapped))).toContain('change/policy-version');
  });

  test('a root does not go by deleting the policy', async () => {
    expect(await change(state([], both))).toEqual(['change/policy-removed']);
    const { root: _, ...without } = base;
    expect(await change(withPolicy({ ...without, version: 4 }, []))).toEqual(['change/policy-not-signed']);
    expect(await change(withPolicy({ ...without, version: 4 }, [alice, bob]))).toEqual([]);
  });
});

describe('everything', () => {
  test('mode all judges what did not change as merged', async () => {
    const other = file('other', sample({ dataset: { name: 'other' }, signers: [mallory] }));
    const report = await checkChange(state([tides, other]), state([tides, other]), {
      ...options,
      mode: 'all',
    });
    expect(report.changes.map(({ kind, trust }) => [kind, trust?.ok])).toEqual([
      ['unchanged', true],
      ['unchanged', false],
    ]);
    expect(report.ok).toBe(false);
  });

  test('of 10,000 unchanged manifests none is read where the caller knows their names', async () => {
    const unread = () => {
      throw new Error('read without need');
    };
    const many: ManifestFile[] = Array.from({ length: 10_000 }, (_, index) => ({
      path: `manifests/${index}.json`,
      id: `blob ${index}`,
      bytes: unread,
      identity: { name: `dataset-${index}`, version: '1.0.0' },
    }));
    const copy = file('copy', signed({ name: 'dataset-77' }));
    expect((await check(many, [...many, tides])).ok).toBe(true);
    expect(await codesOf(check(many, [...many, copy]))).toEqual(['change/duplicate-version']);
  });
});
