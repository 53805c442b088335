import {
  checkChange,
  formatPublicKey,
  type Manifest,
  type Policy,
  type PrivateKey,
  type TrustFile,
} from '@holdfast/manifest';
import { ipnsNameOf, warningLines } from '@holdfast/manifest/internal';
import { expect, test } from 'vitest';
import { bytes, json, key, sample } from './sample.ts';

const [alice, bob, mallory] = [key(1), key(2), key(3)];
const pub = (name: string, ...keys: PrivateKey[]): TrustFile => ({
  path: `${name}.pub`,
  bytes: bytes(keys.map(({ publicKey }) => formatPublicKey(publicKey)).join('\n')),
});
const rule = (changes: Partial<Policy['rules'][number]> = {}): Policy['rules'][number] => ({
  manifests: ['**'],
  signers: ['alice', 'bob'],
  threshold: 1,
  tiers: ['standard'],
  ...changes,
});
const policy = (changes: Partial<Policy> = {}): TrustFile => ({
  path: 'policy.json',
  bytes: json({
    policy: {
      version: 1,
      signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] } },
      rules: [rule()],
      ...changes,
    },
    signatures: [],
  }),
});
const both = [pub('alice', alice), pub('bob', bob)];
const tides = await sample({ signers: [alice] });

/** What a change of the folder of keys says, with tides merged. */
async function explain(before: readonly TrustFile[], after: readonly TrustFile[], merged: Manifest = tides) {
  const manifests = [{ path: 'manifests/tides.json', bytes: json(merged) }];
  const { trustChange } = await checkChange(
    { manifests, trustFiles: before },
    { manifests, trustFiles: after },
    { at: new Date('2026-11-22'), rootFromFiles: () => ({ cid: 'none' }) },
  );
  if (trustChange === undefined) throw new Error('expected an explanation');
  return { loud: warningLines(trustChange), lines: trustChange.lines };
}
const idOf = ({ publicKey }: PrivateKey) => publicKey.keyid;

test('a key replaced by a stranger’s is told by its fingerprints, loudly, with what falls', async () => {
  const { loud, lines } = await explain(both, [pub('alice', mallory), pub('bob', bob)]);
  expect(loud).toEqual([
    `whoever has ${idOf(mallory)} now signs as alice: all keys of alice are replaced`,
    'tides 1.0.0 no longer has the signatures it needs: needs 1 of alice, bob; has none (manifests/tides.json)',
  ]);
  expect(lines).toEqual([`alice gets the key ${idOf(mallory)}`, `alice loses the key ${idOf(alice)}`]);
});

test('a key beside the one that is there falls nothing', async () => {
  const { loud, lines } = await explain(both, [pub('alice', alice, mallory), pub('bob', bob)]);
  expect([loud, lines]).toEqual([[], [`alice gets the key ${idOf(mallory)}`]]);
});

test('the only signer’s key deleted: nobody can sign', async () => {
  const { loud, lines } = await explain([pub('alice', alice)], []);
  expect(loud).toEqual(['nobody can sign anything any more: the keys or the policy have errors']);
  expect(lines).toContain(`alice is no signer any more; had ${idOf(alice)}`);
});

test('the policy removed: every key may sign everything', async () => {
  const strict = policy({ rules: [rule({ threshold: 2 })] });
  const { loud, lines } = await explain([...both, strict], both, await sample({ signers: [alice, bob] }));
  expect(loud).toEqual(['every key may now sign everything, alone: the policy is gone']);
  expect(lines).toEqual([
    'the rule for **: 1 of alice, bob; critical, important, standard, ephemeral; any size (before: 2 of alice, bob; standard; any size)',
  ]);
});

test('a threshold raised: merged manifests that fall are named', async () => {
  const { loud, lines } = await explain(
    [...both, policy()],
    [...both, policy({ version: 2, rules: [rule({ threshold: 2 })] })],
  );
  expect(loud).toEqual([
    'tides 1.0.0 no longer has the signatures it needs: needs 2 of alice, bob; has alice (manifests/tides.json)',
  ]);
  expect(lines).toEqual([
    'the rule for **: 2 of alice, bob; standard; any size (before: 1 of alice, bob; standard; any size)',
  ]);
});

test('a rule taken away: nobody can sign for its datasets any more', async () => {
  const { loud } = await explain(
    [...both, policy()],
    [...both, policy({ version: 2, rules: [rule({ manifests: ['manifests/else/**'] })] })],
  );
  expect(loud).toEqual([
    'nobody can sign for tides any more',
    'tides 1.0.0 no longer has the signatures it needs: no rule of the policy is for "manifests/tides.json" (manifests/tides.json)',
  ]);
});

test('a revocation, an end of it, tiers, windows, the order of rules and the root are said in words', async () => {
  const revoked = [{ keyid: idOf(bob), reason: 'laptop stolen' }];
  const rules = [rule({ manifests: ['manifests/a/**'] }), rule()];
  const plain = policy({ rules });
  const other = policy({
    rules: rules.toReversed(),
    revoked,
    tiers: { standard: { min: 4, max: 5 } },
    signers: {
      alice: { keys: ['alice.pub'], validUntil: '2027-01-01T00:00:00Z' },
      bob: { keys: ['bob.pub'] },
    },
    root: { signers: ['alice', 'bob'], threshold: 2 },
  });
  const there = await explain([...both, plain], [...both, other]);
  expect(there.lines).toEqual([
    'alice may sign: until 2027-01-01T00:00:00.000Z (before: at any time)',
    'the order of the rules, of which the first that matches decides: **, then manifests/a/** (before: manifests/a/**, then **)',
    'the tier standard: 4 to 5 copies (before: 2 to 3 copies)',
    `the key ${idOf(bob)} is revoked: "laptop stolen"`,
    'the root, which may change keys and policy: 2 of alice, bob (before: none)',
  ]);
  const back = await explain([...both, other], [...both, plain]);
  expect(back.loud).toEqual([`the revoked key ${idOf(bob)} is no longer revoked`]);
});

test('a name given, replaced and taken away: its readers are thought of', async () => {
  const [first, second] = [ipnsNameOf(mallory.publicKey.bytes), ipnsNameOf(key(4).publicKey.bytes)];
  const named = (name: string) => [...both, policy({ version: 2, names: { tides: name } })];
  const given = await explain([...both, policy()], named(first));
  expect(given).toEqual({ loud: [], lines: [`the name of tides: ${first} (before: none)`] });
  expect(await explain(named(first), named(second))).toEqual({
    loud: [`whoever reads tides by ${first} gets no new version any more`],
    lines: [`the name of tides: ${second} (before: ${first})`],
  });
  expect((await explain(named(first), [...both, policy()])).lines).toEqual([
    `the name of tides: none (before: ${first})`,
  ]);
});

test('a file that changes nothing in who may sign says nothing', async () => {
  const readme = { path: 'README.md', bytes: bytes('Keys') };
  expect(await explain(both, [...both, readme])).toEqual({ loud: [], lines: [] });
});
