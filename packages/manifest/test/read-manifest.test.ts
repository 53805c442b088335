import {
  evaluateTrust,
  formatPublicKey,
  loadTrust,
  manifestDigest,
  readManifest,
  verifyManifest,
} from '@holdfast/manifest';
import { expect, test } from 'vitest';
import { bytes, json, key, sample } from './sample.ts';

test.each([
  ['', 1, 'the file is empty'],
  [' \n', 1, 'the file is empty'],
  [
    '{\n  "a": 1,\n<<<<<<< HEAD\n  "b": 2\n=======\n  "b": 3\n>>>>>>> other\n}\n',
    3,
    'a merge conflict begins here',
  ],
])('a mistake that a parser can only be puzzled by is told by name: %#', (text, line, message) => {
  expect(readManifest(bytes(text)).problems).toMatchObject([
    { code: 'json/syntax', message, line, column: 1 },
  ]);
});

test('a signed manifest is read, verified and trusted', () => {
  const alice = key(1);
  const signed = sample({ signers: [alice] });
  const read = readManifest(json(signed), { file: 'manifests/tides.json' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(read.problems).toEqual([]);
  expect(read.manifest).toEqual(signed);
  expect(read.digest).toBe(manifestDigest(signed.dataset));
  expect(verifyManifest(read.manifest, [alice.publicKey]).map(({ ok }) => ok)).toEqual([true]);
  const { trust } = loadTrust([{ path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) }]);
  const verdict = evaluateTrust(
    { path: 'manifests/tides.json', manifest: read.manifest },
    trust,
    new Date(0),
  );
  expect(verdict).toMatchObject({
    ok: true,
    signedBy: ['alice'],
    explanation: 'needs 1 of alice; has alice',
    problems: [],
  });
});
