import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDataset,
  evaluateTrust,
  formatManifest,
  formatPublicKey,
  loadTrust,
  type Manifest,
  readManifest,
  signManifest,
  verifyManifest,
} from '@holdfast/manifest';
import { readManifests, readTrust } from '@holdfast/manifest/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytes, key, sample } from './sample.ts';

const [alice, bob] = [key(1), key(2)];
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-script-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

test('an unsigned manifest does not verify, nor one that others signed', () => {
  expect(verifyManifest(sample(), [alice.publicKey])).toEqual({ ok: false, signedBy: [], signatures: [] });
  const signed = sample({ signers: [alice, bob] });
  expect(verifyManifest(signed, [key(3).publicKey])).toMatchObject({ ok: false, signedBy: [] });
  expect(verifyManifest(signed, [])).toMatchObject({ ok: false });
  expect(verifyManifest(signed, [alice.publicKey])).toMatchObject({ ok: true, signedBy: [alice.publicKey] });
});

test('one false signature of a known key makes the whole false', () => {
  const signed = sample({ signers: [alice, bob] });
  const [first, second] = signed.signatures;
  if (first === undefined || second === undefined) throw new Error('not signed');
  const forged = { ...signed, signatures: [first, { ...second, signature: first.signature }] };
  expect(verifyManifest(forged, [alice.publicKey, bob.publicKey])).toMatchObject({
    ok: false,
    signedBy: [alice.publicKey],
  });
});

test('problems of signatures have their place in the file', () => {
  const signed = sample({ signers: [alice] });
  const text = formatManifest({ ...signed, dataset: { ...signed.dataset, tier: 'critical' } } as Manifest);
  const read = readManifest(bytes(text), { file: 'm.json' });
  if (!read.ok) throw new Error('refused');
  const line = text.slice(0, text.indexOf('"keyid"')).split('\n').length - 1;
  expect(verifyManifest(read.manifest, [alice.publicKey]).signatures[0]?.problem).toMatchObject({
    code: 'signature/invalid',
    file: 'm.json',
    line,
    column: 5,
  });
});

test('signing refuses what reading refuses, with the problems', async () => {
  const invalid = sample({ dataset: { name: 'NOT A NAME' } });
  await expect(signManifest(invalid, alice)).rejects.toMatchObject({
    code: 'manifest/invalid',
    message: expect.stringContaining('/dataset/name'),
    problems: [{ code: 'manifest/invalid-value', path: '/dataset/name' }],
  });
});

test('a signer that returns no signature of its key is refused', async () => {
  const wrong = { publicKey: alice.publicKey, sign: (message: Uint8Array) => bob.sign(message) };
  await expect(signManifest(sample(), wrong)).rejects.toMatchObject({ code: 'signature/malformed' });
});

test('a dataset takes undefined facts, and content with more fields than it needs', async () => {
  const { cid, profile, totalSize, files } = sample().dataset;
  const content = {
    cid,
    profile,
    totalSize,
    files: files.map((file) => ({ ...file, dagSize: 9, mediaType: undefined })),
  };
  const dataset = createDataset(content, {
    name: 'tides',
    version: '1.0.0',
    description: 'Hourly tide gauges',
    license: undefined,
    tier: 'standard',
    created: new Date('2026-11-21T06:30:00.123Z'),
  });
  expect(dataset).toMatchObject({ revision: 1, created: '2026-11-21T06:30:00Z', files });
  expect(Object.keys(dataset)).not.toContain('license');
  expect((await signManifest({ dataset, signatures: [] }, alice)).signatures).toHaveLength(1);
});

test('a wrong argument of a JavaScript caller ends in a sentence', async () => {
  const read = readManifest(bytes(formatManifest(sample())));
  const { trust } = loadTrust([]);
  const unchecked = (value: unknown) => value as never;
  expect(() => readManifest(unchecked('{}'))).toThrow(
    'readManifest expected bytes (a Uint8Array), got a string',
  );
  expect(() => verifyManifest(unchecked(read), [])).toThrow(
    'got the result of readManifest: pass its .manifest',
  );
  expect(() => verifyManifest(sample(), unchecked(undefined))).toThrow(
    'keys expected a list of public keys, got nothing',
  );
  expect(() => loadTrust(unchecked('public-keys/alice.pub'.length))).toThrow(
    'loadTrust expected a list of files',
  );
  expect(() => evaluateTrust({ path: 'a', manifest: sample() }, trust, unchecked(Date.now()))).toThrow(
    "expected a valid Date or 'merged', got a number",
  );
  await expect(signManifest(sample(), unchecked({}))).rejects.toThrow('signer expected a PrivateKey');
});

test('a folder of manifests and its keys are read, links and large files not', async () => {
  const [manifests, keys] = [join(folder, 'manifests'), join(folder, 'public-keys')];
  await mkdir(join(manifests, 'sub'), { recursive: true });
  await mkdir(keys);
  await writeFile(join(manifests, 'sub/a.json'), formatManifest(sample({ signers: [alice] })));
  await writeFile(join(manifests, 'broken.json'), '{');
  await writeFile(join(manifests, 'note.txt'), 'x');
  await writeFile(join(manifests, 'large.json'), ' '.repeat(2000));
  await symlink(join(manifests, 'broken.json'), join(manifests, 'link.json'));
  const read = await readManifests(manifests, { maxBytes: 1500 });
  expect(read.map(({ path, ok, problems }) => [path.slice(manifests.length), ok, problems[0]?.code])).toEqual(
    [
      ['/broken.json', false, 'json/syntax'],
      ['/large.json', false, 'json/too-large'],
      ['/sub/a.json', true, undefined],
    ],
  );
  await writeFile(join(keys, 'alice.pub'), formatPublicKey(alice.publicKey));
  expect((await readTrust(keys)).trust).toMatchObject({ usable: true });
  await symlink(join(keys, 'alice.pub'), join(keys, 'policy.json'));
  expect((await readTrust(keys)).trust).toMatchObject({ usable: false });
});
