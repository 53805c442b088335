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

test.each([
  ['prose', 'Tide gauges of the North Sea,\n"hourly", and: more.\n', '1:1'],
  ['YAML', 'dataset:\n  name: tides\n  files: [1990.csv]\n', '1:1'],
  ['a page', '\n <html><body class="x">no: {}</body></html>', '2:2'],
  ['a key', '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n', '1:1'],
])('of %s, no JSON at all, one thing is told', (_, text, place) => {
  const { problems } = readManifest(bytes(text));
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual([place]);
  expect(problems[0]?.message).toBe('the text is not JSON: expected "{" here');
});

test.each([
  ['a comma missing between each two', '{"a":1\n"b":2\n"c":3}', ['2:1 comma', '3:1 comma']],
  ['a comma too many, and a word', '{\n"a": [1,],\n"b": nul\n}', ['2:9 value', '3:6 invalid']],
  [
    'comments',
    '// one\n// two\n{"a": 1, /* three */ "b": 2, /* four */}',
    ['1:1 invalid', '2:1 invalid', '3:10 invalid', '3:30 invalid', '3:40 property'],
  ],
  ['an end that is missing', '{"a": {"b": [1', ['1:15 close']],
  ['something before it', 'x{"a": 1,}', ['1:1 invalid', '1:10 property']],
])('of text that is nearly JSON, with %s, each fault is told once', (_, text, told) => {
  const shown = readManifest(bytes(text)).problems.map(({ line, column, message }) => {
    const [word] = message.replace('the text is not JSON: ', '').split(' ');
    return `${line}:${column} ${word}`;
  });
  expect(shown).toEqual(told);
});

test('a signed manifest is read, verified and trusted', () => {
  const alice = key(1);
  const signed = sample({ signers: [alice] });
  const read = readManifest(json(signed), { file: 'manifests/tides.json' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(read.problems).toEqual([]);
  expect(read.manifest).toEqual(signed);
  expect(read.digest).toBe(manifestDigest(signed.dataset));
  expect(verifyManifest(read.manifest, [alice.publicKey]).signedBy).toEqual([alice.publicKey]);
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
