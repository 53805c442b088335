import {
  checkChange,
  formatPublicKey,
  loadTrust,
  type Manifest,
  type Policy,
  parsePolicy,
  readManifest,
  signPolicy,
} from '@holdfast/manifest';
import { manifestSchemaAddress, policySchemaAddress } from '@holdfast/manifest/internal';
import { describe, expect, test } from 'vitest';
import { proveFiles } from '../src/manifest/prove-files.ts';
import { bytes, json, key, sample } from './sample.ts';

const problemsOf = (text: string) => readManifest(bytes(text), { file: 'm.json' }).problems;

describe('a message', () => {
  test('about a number that no reader can hold says so', () => {
    const text = JSON.stringify(sample()).replace('"size":5', '"size":1e400');
    const messages = problemsOf(text).map(({ message }) => message);
    expect(messages).toContain('dataset.files[0].size: expected a number, got a number too large to read');
  });

  test('about names that no folder can hold together shows both, and what helps', () => {
    const names = [`${'a'.repeat(80)}…`, `${'b'.repeat(80)}…`].map((name) => JSON.stringify(name));
    const { dataset } = sample();
    const broken = { ...dataset, cid: `${dataset.cid.slice(0, -1)}a` } as Manifest['dataset'];
    const cause = Object.assign(new Error(`${names.join(' and ')} cannot be in one folder: equal`), {
      code: 'path-conflict',
    });
    const [found] = proveFiles(broken, () => {
      throw cause;
    });
    expect(found?.message).toContain('cannot be in one folder');
    expect(found?.hint).toContain('rename one of the files');
  });

  test('about a folder without keys and policy names the folder', () => {
    expect(loadTrust([], { folder: 'public-keys' }).problems).toMatchObject([
      { code: 'policy/no-signers', file: 'public-keys' },
    ]);
  });

  test('about a policy that the root has not signed names its version', async () => {
    const [alice, bob] = [key(1), key(2)];
    const policy = (version: number): Policy => ({
      version,
      signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] } },
      rules: [{ manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard'] }],
      root: { signers: ['alice', 'bob'], threshold: 2 },
    });
    const files = async (version: number) => [
      { path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) },
      { path: 'bob.pub', bytes: bytes(formatPublicKey(bob.publicKey)) },
      {
        path: 'policy.json',
        bytes: json(await signPolicy({ policy: policy(version), signatures: [] }, alice)),
      },
    ];
    const state = async (version: number) => ({ manifests: [], trustFiles: await files(version) });
    const { problems } = await checkChange(await state(3), await state(4), {
      at: new Date('2026-11-22'),
      rootFromFiles: () => ({ cid: 'none' }),
    });
    expect(problems.filter(({ code }) => code === 'change/policy-not-signed')[0]?.message).toBe(
      'version 4 of the policy: the root of the policy in force needs 2 of alice, bob; has alice',
    );
  });
});

describe('$schema', () => {
  const manifest = (address: string) => JSON.stringify({ ...sample(), $schema: address });
  const policy = (address: string) =>
    JSON.stringify({
      $schema: address,
      policy: {
        version: 1,
        signers: { alice: { keys: ['alice.pub'] } },
        rules: [{ manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard'] }],
      },
      signatures: [],
    });
  const ok = (address: string) => problemsOf(manifest(address)).every(({ severity }) => severity !== 'error');

  test.each([
    manifestSchemaAddress,
    manifestSchemaAddress.replace('/main/', '/v1.2.3/'),
    manifestSchemaAddress.replace('-1.', '-1.draft-07.'),
    'https://holdfast-data.github.io/holdfast/manifest-1.schema.json',
  ])('takes the address of this project %s', (address) => {
    expect(ok(address)).toBe(true);
    const own = address.replace('manifest-1', 'policy-1');
    expect(parsePolicy(bytes(policy(own))).ok).toBe(true);
  });

  test.each([
    'javascript:alert(1)',
    'https://example.org/manifest-1.schema.json',
    manifestSchemaAddress.replace('https:', 'http:'),
    `${manifestSchemaAddress}?x`,
    manifestSchemaAddress.replace('holdfast-data/', 'mallory/'),
    manifestSchemaAddress.replace('/main/', '/../../mallory/main/'),
    policySchemaAddress,
    './manifest-1.schema.json',
    '',
  ])('refuses %s, since no signature covers it', (address) => {
    expect(ok(address)).toBe(false);
    expect(parsePolicy(bytes(policy(address.replace('policy-1', 'manifest-1')))).ok).toBe(false);
  });
});
