import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePrivateKey, parsePublicKey } from '@holdfast/manifest';
import { writeKeyPair } from '@holdfast/manifest/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { key } from './sample.ts';

let folder = '';
let files = { privateKey: '', publicKey: '' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-keys-'));
  files = { privateKey: join(folder, 'alice.pem'), publicKey: join(folder, 'alice.pub') };
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test.each([0o000, 0o077])('writes a pair with the modes 0600 and 0644 under the umask %o', async (umask) => {
  const before = process.umask(umask);
  try {
    await writeKeyPair(key(1, 'alice'), files);
  } finally {
    process.umask(before);
  }
  expect((await stat(files.privateKey)).mode & 0o777).toBe(0o600);
  expect((await stat(files.publicKey)).mode & 0o777).toBe(0o644);
  expect((await parsePrivateKey(await readFile(files.privateKey, 'utf8'))).publicKey.keyid).toBe(
    key(1).publicKey.keyid,
  );
  expect(parsePublicKey(await readFile(files.publicKey, 'utf8'))).toEqual(key(1, 'alice').publicKey);
});

test.each(['privateKey', 'publicKey'] as const)(
  'never writes over a %s, and leaves nothing behind',
  async (which) => {
    await writeFile(files[which], 'precious');
    await expect(writeKeyPair(key(1), files)).rejects.toMatchObject({ code: 'key/exists' });
    expect(await readFile(files[which], 'utf8')).toBe('precious');
    expect(await readdir(folder)).toHaveLength(1);
  },
);
