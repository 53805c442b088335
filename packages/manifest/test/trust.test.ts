import {
  defaultTiers,
  evaluateTrust,
  formatPublicKey,
  loadTrust,
  type Manifest,
  type PolicyDocument,
  type PrivateKey,
  parsePolicy,
  signManifest,
  signPolicy,
  type TrustFile,
} from '@holdfast/manifest';
import { evaluateTrustAsync, ipnsNameOf, tierCopies, verifyPolicy } from '@holdfast/manifest/internal';
import { afterEach, describe, expect, test } from 'vitest';
import { bytes, json, key, type SampleOptions, sample } from './sample.ts';

const [alice, laptop, bob, carol, mallory] = [1, 2, 3, 4, 5].map((number) => key(number)) as [
  PrivateKey,
  PrivateKey,
  PrivateKey,
  PrivateKey,
  PrivateKey,
];
const now = new Date('2026-11-21T12:00:00Z');
const path = 'manifests/tides/tides-v1.0.0.json';

const pub = (name: string, privateKey: PrivateKey): TrustFile => ({
  path: `${name}.pub`,
  bytes: bytes(`${formatPublicKey(privateKey.publicKey)}\n`),
});
const nameOf = ({ publicKey }: PrivateKey) => ipnsNameOf(publicKey.bytes);
const keyFiles = [pub('alice', alice), pub('alice-laptop', laptop), pub('bob', bob), pub('carol', carol)];

const policy: PolicyDocument['policy'] = {
  version: 3,
  signers: {
    alice: { github: '@alice', keys: ['alice.pub', 'alice-laptop.pub'] },
    bob: { keys: ['bob.pub'], validFrom: '2026-01-01T00:00:00Z', validUntil: '2027-01-01T00:00:00Z' },
    carol: { keys: ['carol.pub'] },
  },
  rules: [
    {
      manifests: ['manifests/tides/**'],
      signers: ['alice', 'bob'],
      threshold: 2,
      tiers: ['critical', 'important'],
      maxTotalSize: '2TB',
    },
    {
      manifests: ['**', '!manifests/private/**'],
      signers: ['alice', 'bob', 'carol'],
      threshold: 1,
      tiers: ['standard', 'ephemeral'],
    },
  ],
};

function trustOf(patch: Partial<PolicyDocument['policy']> = {}, files: readonly TrustFile[] = keyFiles) {
  const loaded = loadTrust(
    [...files, { path: 'policy.json', bytes: json({ policy: { ...policy, ...patch }, signatures: [] }) }],
    { folder: 'public-keys' },
  );
  return loaded;
}

function judge(
  signers: readonly PrivateKey[],
  {
    dataset = {},
    patch = {},
    at = now,
    where = path,
  }: SampleOptions & { patch?: Partial<PolicyDocument['policy']>; at?: Date | 'merged'; where?: string } = {},
) {
  const manifest = sample({ signers, dataset: { tier: 'important', ...dataset } });
  const { trust, problems } = trustOf(patch);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const verdict = evaluateTrust({ path: where, manifest }, trust, at);
  const byThreads = evaluateTrustAsync({ path: where, manifest }, trust, at);
  compared.push(byThreads.then((same) => expect(same).toEqual(verdict)));
  return verdict;
}

/** Every verdict is the same where threads verify. */
const compared: Promise<void>[] = [];
afterEach(() => Promise.all(compared.splice(0)));

const codesOf = (problems: readonly { code: string; severity: string }[]) =>
  problems.map(({ code, severity }) => `${severity} ${code}`);

describe('without a policy', () => {
  const { trust, problems } = loadTrust([pub('alice', alice), pub('bob', bob)]);

  test('every signer may sign everything, and one is enough', () => {
    expect(problems).toEqual([]);
    const verdict = evaluateTrust(
      { path, manifest: sample({ signers: [bob], dataset: { tier: 'critical' } }) },
      trust,
      now,
    );
    expect(verdict).toMatchObject({
      ok: true,
      signedBy: ['bob'],
      missing: [],
      tierCopies: { min: 5, max: 7, regions: 3 },
    });
    expect(tierCopies(trust, 'standard')).toEqual(defaultTiers.standard);
  });

  test('an unsigned manifest, and one signed by a stranger, are refused', () => {
    expect(codesOf(evaluateTrust({ path, manifest: sample() }, trust, now).problems)).toEqual([
      'error trust/not-enough-signers',
    ]);
    const verdict = evaluateTrust({ path, manifest: sample({ signers: [mallory] }) }, trust, now);
    expect(codesOf(verdict.problems)).toEqual(['error trust/not-enough-signers', 'error trust/unknown-key']);
    expect(verdict.explanation).toBe('needs 1 of alice, bob; has none');
    expect(verdict.missing).toEqual(['alice', 'bob']);
  });

  test('no key at all trusts nobody', () => {
    const none = loadTrust([{ path: 'README.md', bytes: bytes('keys') }]);
    expect(codesOf(none.problems)).toEqual(['error policy/no-signers']);
    expect(
      codesOf(evaluateTrust({ path, manifest: sample({ signers: [alice] }) }, none.trust, now).problems),
    ).toEqual(['error trust/unusable-policy']);
    const verdict = evaluateTrust({ path, manifest: sample({ signers: [alice] }) }, none.trust, now);
    expect(verdict.explanation).toBe('no public key is in force yet, so nobody may sign');
  });
});

describe('with a policy', () => {
  test('a threshold counts signers, not keys', () => {
    expect(judge([alice, bob])).toMatchObject({ ok: true, signedBy: ['alice', 'bob'] });
    const twoKeys = judge([alice, laptop]);
    expect(twoKeys).toMatchObject({
      ok: false,
      signedBy: ['alice'],
      missing: ['bob'],
      needed: { threshold: 2, signers: ['alice', 'bob'] },
    });
    expect(twoKeys.explanation).toBe('needs 2 of alice, bob; has alice');
  });

  test('the first rule that matches decides', () => {
    expect(codesOf(judge([carol]).problems)).toEqual(
      ['error trust/not-enough-signers', 'error trust/not-in-rule'].map((line) =>
        line.replace('error trust/not-in-rule', 'warning trust/not-in-rule'),
      ),
    );
    expect(judge([carol], { where: 'manifests/other.json', dataset: { tier: 'standard' } }).ok).toBe(true);
  });

  test('no rule means no', () => {
    expect(codesOf(judge([alice, bob], { where: 'manifests/private/x.json' }).problems)).toEqual([
      'error trust/no-rule',
    ]);
    expect(
      codesOf(
        judge([alice, bob], { where: 'manifests/.hidden/x.json', dataset: { tier: 'standard' } }).problems,
      ),
    ).toEqual(['error trust/no-rule']);
  });

  test('a tier and a size are something a rule grants', () => {
    expect(codesOf(judge([alice, bob], { dataset: { tier: 'standard' } }).problems)).toEqual([
      'error trust/tier-not-granted',
    ]);
    expect(judge([alice, bob], { dataset: { totalSize: 2e12 } }).ok).toBe(true);
    expect(codesOf(judge([alice, bob], { dataset: { totalSize: 2e12 + 1 } }).problems)).toEqual([
      'error trust/size-not-granted',
    ]);
  });

  test('a signature that does not count is a warning once others meet the threshold; a false one is always an error', () => {
    expect(judge([alice, bob, mallory])).toMatchObject({
      ok: true,
      problems: [{ code: 'trust/unknown-key', severity: 'warning', path: '/signatures/2' }],
    });
    const manifest = sample({ signers: [alice, bob, carol], dataset: { tier: 'important' } });
    const [first, second, third] = manifest.signatures;
    if (first === undefined || second === undefined || third === undefined) throw new Error('not signed');
    const false3: Manifest = {
      ...manifest,
      signatures: [first, second, { ...third, signature: first.signature }],
    };
    expect(codesOf(evaluateTrust({ path, manifest: false3 }, trustOf().trust, now).problems)).toEqual([
      'error signature/invalid',
    ]);
  });

  test('a validity window is judged now, from its first instant and before its last, and not for what is merged', () => {
    const at = (time: string | 'merged') =>
      judge([alice, bob], { at: time === 'merged' ? time : new Date(time) });
    expect(codesOf(at('2025-12-31T23:59:59.999Z').problems)).toEqual([
      'error trust/not-enough-signers',
      'error trust/outside-validity',
    ]);
    expect(at('2026-01-01T00:00:00Z').ok).toBe(true);
    expect(at('2026-12-31T23:59:59.999Z').ok).toBe(true);
    expect(at('2027-01-01T00:00:00Z').ok).toBe(false);
    expect(at('merged').ok).toBe(true);
  });

  test('the date the manifest gives itself changes nothing', () => {
    const late = judge([alice, bob], {
      at: new Date('2027-06-01T00:00:00Z'),
      dataset: { created: '2026-06-01T00:00:00Z' },
    });
    expect(late.ok).toBe(false);
  });

  test('a revoked key counts for nothing, for what is merged too, and says so', () => {
    const revoked = [{ keyid: alice.publicKey.keyid, reason: 'laptop stolen' }];
    const verdict = judge([alice, bob], { patch: { revoked }, at: 'merged' });
    expect(codesOf(verdict.problems)).toEqual(['error trust/not-enough-signers', 'error trust/revoked-key']);
    expect(verdict.problems[1]?.message).toContain('of alice was revoked: "laptop stolen"');
    expect(judge([laptop, bob], { patch: { revoked } }).ok).toBe(true);
    const later = [{ keyid: alice.publicKey.keyid, reason: 'retired', since: '2026-12-01T00:00:00Z' }];
    expect(judge([alice, bob], { patch: { revoked: later } }).ok).toBe(true);
    expect(judge([alice, bob], { patch: { revoked: later }, at: new Date('2026-12-01T00:00:00Z') }).ok).toBe(
      false,
    );
    expect(judge([alice, bob], { patch: { revoked: later }, at: 'merged' }).ok).toBe(false);
  });

  test('who could still sign are those with a key that counts, inside their window', () => {
    const stolen = [
      { keyid: alice.publicKey.keyid, reason: 'stolen' },
      { keyid: laptop.publicKey.keyid, reason: 'stolen' },
    ];
    const hintOf = ({ problems }: ReturnType<typeof judge>) => problems[0]?.hint;
    const none = judge([]);
    expect(none.missing).toEqual(['alice', 'bob']);
    expect(hintOf(none)).toBe(`for alice and bob to run: holdfast sign ${path}`);
    const other = judge([], { patch: { revoked: stolen } });
    expect(other.missing).toEqual(['bob']);
    expect(hintOf(other)).toContain('too few signers of the rule have a key that counts now');
    expect(judge([], { patch: { revoked: stolen.slice(0, 1) } }).missing).toEqual(['alice', 'bob']);
    const over = { ...policy.signers, bob: { keys: ['bob.pub'], validUntil: '2026-01-01T00:00:00Z' } };
    expect(judge([alice], { patch: { signers: over } }).missing).toEqual([]);
    expect(judge([alice], { patch: { signers: over }, at: 'merged' }).missing).toEqual(['bob']);
  });

  test('copies of a tier are the policy’s where it has them', () => {
    const { trust } = trustOf({ tiers: { critical: { min: 4, max: 9 } } });
    expect(tierCopies(trust, 'critical')).toEqual({ min: 4, max: 9, regions: 3 });
    expect(tierCopies(trust, 'important')).toEqual(defaultTiers.important);
  });
});

test('a policy may give a dataset a name', () => {
  const { trust, problems } = trustOf({ names: { tides: nameOf(mallory), constructor: nameOf(key(9)) } });
  expect(problems).toEqual([]);
  expect(trust.names.get('tides')).toBe(nameOf(mallory));
  expect(trustOf().trust.names.size).toBe(0);
});

describe('files that cannot be trusted', () => {
  const rsa = { path: 'dave.pub', bytes: bytes('ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAA dave') };
  const cases: readonly (readonly [string, ReturnType<typeof loadTrust>, string])[] = [
    ['an RSA key', loadTrust([pub('alice', alice), rsa]), 'key/unsupported-type'],
    ['one key of two signers', loadTrust([pub('alice', alice), pub('bob', alice)]), 'key/two-signers'],
    [
      'one key of two signers of a policy',
      trustOf({}, [...keyFiles.slice(0, 3), pub('carol', bob)]),
      'key/two-signers',
    ],
    ['a key file that is not there', trustOf({}, keyFiles.slice(0, 3)), 'policy/unknown-key-file'],
    [
      'an unknown signer',
      trustOf({ root: { signers: ['alice', 'dan'], threshold: 1 } }),
      'policy/unknown-signer',
    ],
    [
      'a threshold out of reach',
      trustOf({ root: { signers: ['alice', 'alice'], threshold: 2 } }),
      'policy/unreachable-threshold',
    ],
    [
      'a key other than the policy lists',
      trustOf({
        signers: { ...policy.signers, carol: { keys: ['carol.pub'], keyids: [mallory.publicKey.keyid] } },
      }),
      'policy/wrong-keyid',
    ],
    [
      'a policy that is no JSON',
      loadTrust([pub('alice', alice), { path: 'policy.json', bytes: bytes('{') }]),
      'json/syntax',
    ],
    [
      'a policy with one rule twice',
      loadTrust([
        pub('alice', alice),
        { path: 'policy.json', bytes: bytes('{"policy":{"version":1,"version":2}}') },
      ]),
      'json/duplicate-key',
    ],
    [
      'a policy with a size in words',
      trustOf({
        rules: [
          { manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard'], maxTotalSize: 'huge' },
        ],
      }),
      'policy/invalid-value',
    ],
    [
      'a key revoked twice, the second time later',
      trustOf({
        revoked: [
          { keyid: alice.publicKey.keyid, reason: 'stolen' },
          { keyid: alice.publicKey.keyid, reason: 'retired', since: '2030-01-01T00:00:00Z' },
        ],
      }),
      'policy/duplicate-revocation',
    ],
    ['a name that is not base36', trustOf({ names: { tides: 'k51' } }), 'policy/invalid-value'],
    [
      'a name of another kind of key',
      trustOf({ names: { tides: `k51qzi5uqu5d${'z'.repeat(50)}` } }),
      'policy/invalid-value',
    ],
    ['a name of no dataset', trustOf({ names: { 'Tides!': nameOf(mallory) } }), 'policy/invalid-value'],
    [
      'one name of two datasets',
      trustOf({ names: { tides: nameOf(mallory), winds: nameOf(mallory) } }),
      'policy/duplicate-name',
    ],
    ['a name with the key of a signer', trustOf({ names: { tides: nameOf(bob) } }), 'policy/name-of-signer'],
    ['copies upside down', trustOf({ tiers: { critical: { min: 5, max: 3 } } }), 'policy/invalid-value'],
  ];
  test.each(cases)('%s', (_, { trust, problems }, code) => {
    expect(problems.map((found) => found.code)).toContain(code);
    expect(trust.usable).toBe(false);
    expect(evaluateTrust({ path, manifest: sample({ signers: [alice, bob] }) }, trust, now)).toMatchObject({
      ok: false,
      problems: [{ code: 'trust/unusable-policy' }],
    });
  });

  test('a missing key file names those there are, and a near one', () => {
    const [found] = trustOf({ signers: { ...policy.signers, carol: { keys: ['carroll.pub'] } } }).problems;
    expect(found).toMatchObject({ file: 'public-keys/policy.json', path: '/policy/signers/carol/keys/0' });
    expect(found?.line).toBeGreaterThan(1);
    expect(found?.hint).toContain('did you mean "carol.pub"? there are "alice-laptop.pub", "alice.pub"');
    const [gone] = trustOf({}, keyFiles.slice(0, 3)).problems;
    expect(gone?.hint).toMatch(/^add it, or take it out of the policy; there are /);
  });
});

describe('rules that would be passed over in silence', () => {
  const rule = { manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard' as const] };
  const found = (...rules: readonly (readonly string[])[]) =>
    trustOf({ rules: rules.map((manifests) => ({ ...rule, manifests: [...manifests] })) }).problems.map(
      ({ code, path, hint }) => [code, path, hint],
    );

  test.each([
    '/manifests/**',
    'manifests//x.json',
    '../manifests/**',
    'manifests/./x.json',
    '!/manifests/**',
  ])('an impossible pattern: %s', (pattern) => {
    expect(found(['**', pattern])).toEqual([
      ['policy/invalid-value', '/policy/rules/0/manifests/1', expect.anything()],
    ]);
  });

  test('a folder where a pattern is meant', () => {
    expect(found(['manifests/tides/'])).toEqual([
      [
        'policy/invalid-value',
        '/policy/rules/0/manifests/0',
        'for all that is in the folder: "manifests/tides/**"',
      ],
    ]);
    expect(found(['manifests/tides'])).toEqual([
      [
        'policy/narrow-pattern',
        '/policy/rules/0/manifests/0',
        'for all that is in the folder: "manifests/tides/**"',
      ],
    ]);
    expect(found(['manifests/tides-v1.0.0.json', 'manifests/*', './manifests/x/**'])).toEqual([]);
  });

  test('nothing but exceptions', () => {
    expect(found(['!manifests/**'])).toEqual([
      ['policy/invalid-value', '/policy/rules/0/manifests', expect.anything()],
    ]);
  });

  test('the wider rule before the narrower one', () => {
    const unreachable = ['policy/unreachable-rule', '/policy/rules/1/manifests', expect.anything()];
    expect(found(['**'], ['manifests/tides/**'])).toEqual([unreachable]);
    expect(found(['a/**', 'b/**'], ['b/**'])).toEqual([unreachable]);
    expect(found(['manifests/tides/**'], ['**'])).toEqual([]);
    expect(found(['**', '!manifests/tides/**'], ['manifests/tides/**'])).toEqual([]);
    expect(found(['a/**'], ['a/**', 'b/**'])).toEqual([]);
  });
});

test('a root warns where it does not cover the keys, and its signatures verify', async () => {
  const { problems } = trustOf({ root: { signers: ['alice', 'bob'], threshold: 2 } });
  expect(codesOf(problems)).toEqual(Array(3).fill('warning policy/keys-not-bound'));
  const signed = await signPolicy(await signPolicy({ policy, signatures: [] }, alice), bob);
  const verified = (document: PolicyDocument) =>
    verifyPolicy(document, [alice.publicKey, bob.publicKey]).signatures.map(({ ok }) => ok);
  expect(verified(signed)).toEqual([true, true]);
  expect(verified({ ...signed, policy: { ...policy, version: 4 } })).toEqual([false, false]);
  const manifest = await signManifest(sample(), alice);
  expect(verified({ policy, signatures: manifest.signatures })).toEqual([false]);
});

test('a policy names its problems like a manifest', () => {
  const read = parsePolicy(bytes('{"policy":{"version":1,"signers":{},"rulez":[]},"signatures":[]}'), {
    file: 'policy.json',
  });
  expect(read.problems).toMatchObject([
    { code: 'policy/missing-field', path: '/policy/rules' },
    { code: 'policy/unknown-field', path: '/policy/rulez', hint: 'did you mean "rules"?' },
  ]);
});
