import {
  formatPublicKey,
  generateKey,
  ManifestError,
  parsePrivateKey,
  parsePublicKey,
} from '@holdfast/manifest';
import { encodePrivateKey, formatSpki, parsePublicKeys } from '@holdfast/manifest/internal';
import { afterEach, expect, test } from 'vitest';
import { useNativeCrypto } from '../src/crypto/native.ts';
import { key } from './sample.ts';
import { vectors } from './vectors.ts';

interface KeyCase {
  readonly name: string;
  readonly text: string;
  readonly password?: string;
  readonly keyid?: string;
  readonly comment?: string;
  readonly code?: string;
  readonly says?: string;
}

afterEach(() => useNativeCrypto(true));

function refusal({ code, says = '' }: KeyCase) {
  return expect.objectContaining({ name: 'ManifestError', code, message: expect.stringContaining(says) });
}

test.each(vectors<KeyCase>('public-keys'))('public key: $name', (one) => {
  if (one.code !== undefined) {
    expect(() => parsePublicKey(one.text)).toThrow(refusal(one));
    return;
  }
  const parsed = parsePublicKey(one.text);
  expect(parsed.keyid).toBe(one.keyid);
  expect(parsed.comment).toBe(one.comment);
  expect(parsePublicKey(formatPublicKey(parsed))).toEqual(parsed);
  expect(parsePublicKey(formatSpki(parsed)).bytes).toEqual(parsed.bytes);
});

test.each(vectors<KeyCase>('private-keys'))('private key: $name', async (one) => {
  const parsing = parsePrivateKey(one.text, one.password === undefined ? {} : { password: one.password });
  if (one.code !== undefined) {
    await expect(parsing).rejects.toThrow(refusal(one));
    return;
  }
  const { publicKey } = await parsing;
  expect(publicKey.keyid).toBe(one.keyid);
  expect(publicKey.comment).toBe(one.comment);
});

test('several keys of one file, a line each', () => {
  const lines = [key(1), key(2)].map(({ publicKey }) => formatPublicKey(publicKey));
  expect(parsePublicKeys(`# of alice\n${lines.join('\n\n')}\n`).map(({ keyid }) => keyid)).toEqual(
    [key(1), key(2)].map(({ publicKey }) => publicKey.keyid),
  );
});

test.each([true, false])(
  'a private key goes through its encodings (native: %s)',
  async (native) => {
    useNativeCrypto(native);
    const privateKey = key(3);
    expect((await parsePrivateKey(await encodePrivateKey(privateKey))).publicKey).toEqual(
      privateKey.publicKey,
    );
  },
  60_000,
);

test('an encrypted private key opens with its password alone', async () => {
  const privateKey = key(3);
  const encrypted = await encodePrivateKey(privateKey, { password: 'correct horse' });
  expect(encrypted).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
  expect((await parsePrivateKey(encrypted, { password: 'correct horse' })).publicKey).toEqual(
    privateKey.publicKey,
  );
  await expect(parsePrivateKey(encrypted, { password: 'correct horsf' })).rejects.toMatchObject({
    code: 'key/wrong-password',
  });
  await expect(parsePrivateKey(encrypted)).rejects.toMatchObject({ code: 'key/password-needed' });
});

test('a private key does not show itself', () => {
  const privateKey = generateKey();
  const secret = Buffer.from(privateKey.exportSeed());
  const shown = [
    JSON.stringify({ privateKey }),
    String(privateKey),
    JSON.stringify(Object.entries(privateKey)),
  ].join();
  for (const form of ['hex', 'base64'] as const) expect(shown).not.toContain(secret.toString(form));
  expect(shown).toContain(privateKey.publicKey.keyid);
});

test('randomness is an argument, and the wrong amount of it is refused', () => {
  const counting = (length: number) => new Uint8Array(length).fill(7);
  expect(generateKey(counting).publicKey.keyid).toBe(generateKey(counting).publicKey.keyid);
  expect(generateKey().publicKey.keyid).not.toBe(generateKey().publicKey.keyid);
  expect(() => generateKey(() => new Uint8Array(31))).toThrow(ManifestError);
});

test('a comment with control characters is written escaped', () => {
  const line = formatPublicKey({ ...key(1).publicKey, comment: 'a\u001b[2Jb\nssh-ed25519 AAAA mallory' });
  expect(line).not.toMatch(/\p{Cc}/u);
});
