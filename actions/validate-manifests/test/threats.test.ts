import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetOf,
  expectRefused,
  expectValid,
  merged,
  placeOf,
  publicKeyFile,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

let shared: Scenario;
beforeAll(async () => {
  shared = await scenario();
});
afterAll(() => shared[Symbol.asyncDispose]());

const waves = datasetOf('waves', '1.0.0');
const tides = datasetOf('tides', '1.0.0');
const file = 'manifests/waves-v1.0.0.json';

describe('a pull request adds its own key and a manifest signed with it', () => {
  it('in one', async () => {
    const result = await shared.pull({
      'public-keys/mallory.pub': publicKeyFile('mallory'),
      [file]: signed(waves, 'mallory'),
    });
    expectRefused(
      result,
      { code: 'change/keys-and-manifests', file: 'public-keys/mallory.pub' },
      { code: 'trust/unknown-key', file, ...placeOf(signed(waves, 'mallory'), '{\n      "keyid"') },
    );
  });

  it('with the key in place of a known one', async () => {
    const result = await shared.pull({
      'public-keys/alice.pub': publicKeyFile('mallory'),
      [file]: signed(waves, 'mallory'),
    });
    expectRefused(result, { code: 'change/keys-and-manifests' }, { code: 'trust/unknown-key', file });
  });

  it('with a policy that allows everything', async () => {
    const policy = {
      version: 1,
      signers: { mallory: { keys: ['mallory.pub'] } },
      rules: [
        {
          manifests: ['**'],
          signers: ['mallory'],
          threshold: 1,
          tiers: ['critical', 'important', 'standard', 'ephemeral'],
        },
      ],
    };
    const result = await shared.pull({
      'public-keys/mallory.pub': publicKeyFile('mallory'),
      'public-keys/policy.json': JSON.stringify({ policy, signatures: [] }),
      [file]: signed(waves, 'mallory'),
    });
    expectRefused(result, { code: 'trust/unknown-key', file });
  });
});

describe('an old manifest comes back', { tags: ['slow'] }, () => {
  it('after a newer revision was merged', async () => {
    await using own = await scenario({
      [merged]: signed({ ...tides, revision: 2, description: 'Better told' }, 'alice'),
    });
    expectRefused(await own.pull({ [merged]: signed(tides, 'alice') }), {
      code: 'change/wrong-revision',
      file: merged,
    });
  });

  it('from another repository', async () => {
    const text = signed({ ...waves, repository: 'elsewhere/data' }, 'alice');
    expectRefused(await shared.pull({ [file]: text }), {
      code: 'change/wrong-repository',
      file,
      ...placeOf(text, '"elsewhere/data"'),
    });
  });

  it('under another path', async () => {
    expectRefused(await shared.pull({ 'manifests/copy.json': signed(tides, 'alice') }), {
      code: 'change/duplicate-version',
      file: 'manifests/copy.json',
    });
  });

  it('once its tombstone is out of the way', async () => {
    await using own = await scenario({
      [merged]: signed({ ...tides, revision: 2, withdrawn: { reason: 'wrong' } }, 'alice'),
    });
    expectRefused(await own.pull({ [merged]: null }), { code: 'change/tombstone-deleted', file: merged });
  });

  it('after it was withdrawn', async () => {
    await using own = await scenario({
      [merged]: signed({ ...tides, revision: 2, withdrawn: { reason: 'wrong' } }, 'alice'),
    });
    expectRefused(await own.pull({ [merged]: signed({ ...tides, revision: 3 }, 'alice') }), {
      code: 'change/revived',
      file: merged,
    });
  });
});

describe('the tier is raised, or a merged manifest edited', { tags: ['slow'] }, () => {
  it('without a new signature', async () => {
    const text = signed(tides, 'alice').replace('"standard"', '"critical"');
    expectRefused(
      await shared.pull({ [merged]: text }),
      { code: 'signature/invalid', file: merged },
      { code: 'change/wrong-revision', file: merged },
    );
  });

  it('signed, with the same revision', async () => {
    expectRefused(await shared.pull({ [merged]: signed({ ...tides, tier: 'critical' }, 'alice') }), {
      code: 'change/wrong-revision',
      file: merged,
    });
  });

  it('signed, with other content', async () => {
    const other = datasetOf('other', '1.0.0');
    const changed = { ...tides, cid: other.cid, files: other.files, totalSize: other.totalSize, revision: 2 };
    expectRefused(await shared.pull({ [merged]: signed(changed, 'alice') }), {
      code: 'change/content-changed',
      file: merged,
    });
  });

  it('beyond what the rule grants, in tier, size and number of signers', async () => {
    const policy = {
      version: 1,
      signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] } },
      rules: [
        { manifests: ['manifests/big/**'], signers: ['alice', 'bob'], threshold: 2, tiers: ['critical'] },
        {
          manifests: ['manifests/*.json'],
          signers: ['alice', 'bob'],
          threshold: 1,
          tiers: ['standard'],
          maxTotalSize: '5B',
        },
      ],
    };
    await using own = await scenario({
      'public-keys/policy.json': JSON.stringify({ policy, signatures: [] }),
    });
    const result = await own.pull({
      'manifests/tier.json': signed(datasetOf('tier', '1.0.0', { tier: 'critical' }), 'alice'),
      'manifests/big/few.json': signed(datasetOf('few', '1.0.0', { tier: 'critical' }), 'alice'),
      'manifests/else/where.json': signed(datasetOf('where', '1.0.0'), 'alice'),
    });
    expectRefused(
      result,
      { code: 'trust/tier-not-granted', file: 'manifests/tier.json' },
      { code: 'trust/size-not-granted', file: 'manifests/tier.json' },
      { code: 'trust/not-enough-signers', file: 'manifests/big/few.json' },
      { code: 'trust/no-rule', file: 'manifests/else/where.json' },
    );
    expect(result.summary).toContain('alice; still needs 1 of bob');
    const fine = await own.pull({
      'manifests/big/enough.json': signed(datasetOf('enough', '1.0.0', { tier: 'critical' }), 'alice', 'bob'),
    });
    expectValid(fine);
  });

  it('by a signer of another rule, as the next version under a path of theirs', async () => {
    const policy = {
      version: 1,
      signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] } },
      rules: [
        { manifests: ['manifests/bob/**'], signers: ['bob'], threshold: 1, tiers: ['standard'] },
        { manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard'] },
      ],
    };
    await using own = await scenario({
      'public-keys/policy.json': JSON.stringify({ policy, signatures: [] }),
    });
    const next = 'manifests/bob/tides.json';
    expectRefused(await own.pull({ [next]: signed(datasetOf('tides', '2.0.0'), 'bob') }), {
      code: 'trust/other-rule',
      file: next,
    });
    expectValid(await own.pull({ 'manifests/bob/own.json': signed(datasetOf('own', '2.0.0'), 'bob') }));
    expectValid(await own.pull({ 'manifests/tides-2.json': signed(datasetOf('tides', '2.0.0'), 'alice') }));
  });

  it('or it is deleted or renamed', async () => {
    expectRefused(await shared.pull({ [merged]: null }), { code: 'change/deleted', file: merged });
    const moved = 'manifests/elsewhere.json';
    expectRefused(await shared.pull({ [merged]: null, [moved]: signed(tides, 'alice') }), {
      code: 'change/renamed',
      file: moved,
    });
  });
});

describe('two readers see two documents', { tags: ['slow'] }, () => {
  it.each([
    [
      'duplicate keys',
      (text: string) => text.replace('"tier": "standard"', '"tier": "critical",\n    "tier": "standard"'),
      'json/duplicate-key',
    ],
    ['odd numbers', (text: string) => text.replace('"revision": 1', '"revision": 1.0'), 'json/number-form'],
    ['odd Unicode', (text: string) => text.replace('What waves', '\\ud800'), 'json/lone-surrogate'],
    ['a byte order mark', (text: string) => `\ufeff${text}`, 'json/byte-order-mark'],
    ['comments', (text: string) => `// yes\n${text}`, 'json/syntax'],
    [
      'fields nobody knows',
      (text: string) => text.replace('"tier"', '"teir": "critical",\n    "tier"'),
      'manifest/unknown-field',
    ],
  ])('by %s', async (_, edit, code) => {
    expectRefused(await shared.pull({ [file]: edit(signed(waves, 'alice')) }), { code, file });
  });

  it('by bytes that are no text', async () => {
    const bytes = Buffer.concat([Buffer.from('{"dataset": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expectRefused(await shared.pull({ [file]: bytes }), { code: 'json/not-utf-8', file });
  });
});

describe('the CID is not the listed files', () => {
  it('in the root', async () => {
    const text = signed({ ...waves, cid: tides.cid }, 'alice');
    expectRefused(await shared.pull({ [file]: text }), {
      code: 'proof/wrong-root',
      file,
      ...placeOf(text, '"bafybei'),
    });
  });

  it('in a file', async () => {
    const files = waves.files.map((one) => ({ ...one, sha256: '0'.repeat(64) }));
    expectRefused(await shared.pull({ [file]: signed({ ...waves, files }, 'alice') }), {
      code: 'proof/wrong-file-cid',
      file,
    });
  });
});

describe('a giant or deep file, many signatures, a bomb of paths', { tags: ['slow'] }, () => {
  it('of a mebibyte and a byte, before it is parsed', async () => {
    const text = signed(waves, 'alice');
    const fits = text + ' '.repeat((1 << 20) - text.length);
    expectValid(await shared.pull({ [file]: fits }));
    expectRefused(await shared.pull({ [file]: `${fits} ` }), { code: 'json/too-large', file });
  });

  it('of 100,000 levels', async () => {
    expectRefused(await shared.pull({ [file]: '['.repeat(100_000) }), { code: 'json/too-deep', file });
  });

  it('of 10,000 signatures', async () => {
    const { signatures, dataset } = JSON.parse(signed(waves, 'alice'));
    const many = Array.from({ length: 5_000 }, () => signatures[0]);
    const result = await shared.pull({
      [file]: JSON.stringify({ dataset, signatures: many }).slice(0, 1 << 20),
    });
    expectRefused(result, { code: 'manifest/invalid-value', file });
  });

  it.each(['../escape', '/etc/passwd', 'a/../../b', 'C:\\x', 'a\u202eb', 'con\u0000', 'e\u0301.csv'])(
    'of the path %j',
    async (path) => {
      const files = waves.files.map((one) => ({ ...one, path }));
      expectRefused(await shared.pull({ [file]: signed({ ...waves, files }, 'alice') }), {
        code: 'manifest/invalid-path',
        file,
      });
    },
  );
});

describe('the manifest is not a file', { tags: ['slow'] }, () => {
  it.each([
    ['a symbolic link', { symlink: 'tides-v1.0.0.json' }, 'repository/symlink'],
    ['a submodule', { submodule: '1'.repeat(40) }, 'repository/submodule'],
    ['an executable', { executable: signed(waves, 'alice') }, 'repository/executable'],
  ])('but %s', async (_, entry, code) => {
    expectRefused(await shared.pull({ [file]: entry }), { code, file });
  });

  it('but a tree that no checkout could write', async () => {
    await shared.origin.git('checkout', '--quiet', '--force', 'main');
    await shared.origin.branch('raw');
    const text = signed(waves, 'alice');
    await shared.origin.commitRaw([
      { path: 'manifests/../escape.json', content: text },
      { path: 'public-keys/alice.pub', content: publicKeyFile('alice') },
    ]);
    const { openRepository, checkChanges } = await import('@holdfast/repository');
    await using repository = await openRepository(shared.origin.path);
    const [base, head] = [await shared.origin.resolve('main'), await shared.origin.resolve('raw')];
    const report = await checkChanges(repository, { base, head, at: new Date() });
    expect(report.ok).toBe(false);
    expect(report.problems).toContainEqual(expect.objectContaining({ code: 'repository/unsafe-path' }));
    await shared.origin.git('checkout', '--quiet', '--force', 'main');
  });
});

describe('keys that should not count', { tags: ['slow'] }, () => {
  const policy = (changes: object) =>
    JSON.stringify({
      policy: {
        version: 1,
        signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] } },
        rules: [{ manifests: ['**'], signers: ['alice', 'bob'], threshold: 1, tiers: ['standard'] }],
        ...changes,
      },
      signatures: [],
    });

  it('since they were revoked', async () => {
    const { keyid } = JSON.parse(signed(waves, 'alice')).signatures[0];
    await using own = await scenario({
      'public-keys/policy.json': policy({ revoked: [{ keyid, reason: 'laptop stolen' }] }),
    });
    expectRefused(await own.pull({ [file]: signed(waves, 'alice') }), { code: 'trust/revoked-key', file });
    expectValid(await own.pull({ [file]: signed(waves, 'bob') }));
  });

  it('since their time is over', async () => {
    const signers = {
      alice: { keys: ['alice.pub'], validUntil: '2026-01-01T00:00:00Z' },
      bob: { keys: ['bob.pub'] },
    };
    await using own = await scenario({ 'public-keys/policy.json': policy({ signers }) });
    expectRefused(await own.pull({ [file]: signed(waves, 'alice') }), {
      code: 'trust/outside-validity',
      file,
    });
  });

  it('since the policy has an error', async () => {
    await using own = await scenario({ 'public-keys/policy.json': '{ "policy": {} }' });
    expectRefused(await own.pull({ [file]: signed(waves, 'alice') }), {
      code: 'trust/unusable-policy',
      file,
    });
  });

  it('for a change of the policy that has a root', async () => {
    const rooted = { root: { signers: ['alice', 'bob'], threshold: 2 } };
    await using own = await scenario({ 'public-keys/policy.json': policy(rooted) });
    const result = await own.pull({
      'public-keys/policy.json': policy({
        ...rooted,
        version: 2,
        root: { signers: ['alice'], threshold: 1 },
      }),
    });
    expectRefused(result, { code: 'change/policy-not-signed', file: 'public-keys/policy.json' });
    expectRefused(await own.pull({ 'public-keys/policy.json': null }), {
      code: 'change/policy-removed',
      file: 'public-keys/policy.json',
    });
  });
});
