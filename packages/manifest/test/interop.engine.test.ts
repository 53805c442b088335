import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  canonicalize,
  formatPublicKey,
  importSshSignature,
  parsePrivateKey,
  parsePublicKey,
  signingPayload,
  signManifest,
  verifyManifest,
} from '@holdfast/manifest';
import {
  addSignature,
  armorSshSignature,
  encodePrivateKey,
  formatSpki,
  fromBase64,
} from '@holdfast/manifest/internal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { key, sample } from './sample.ts';

// Against the real ssh-keygen and openssl.

const run = promisify(execFile);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-interop-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode });
  return path;
}

async function sshVerify(signature: string, message: string): Promise<string> {
  const signers = await file('allowed', `alice@example.org ${formatPublicKey(key(1).publicKey)}\n`);
  const armored = await file('signature', signature);
  const child = run('ssh-keygen', [
    '-Y',
    'verify',
    '-f',
    signers,
    '-I',
    'alice@example.org',
    '-n',
    'holdfast-dataset',
    '-s',
    armored,
  ]);
  child.child.stdin?.end(message);
  return (await child).stdout;
}

test('ssh-keygen -Y verify takes an sshsig made here, and not for another dataset', async () => {
  const signed = await signManifest(sample(), key(1), { format: 'sshsig' });
  const armored = armorSshSignature(fromBase64(signed.signatures[0]?.signature ?? '') ?? new Uint8Array());
  expect(await sshVerify(armored, canonicalize(signed.dataset))).toContain(
    'Good "holdfast-dataset" signature',
  );
  await expect(sshVerify(armored, canonicalize({ ...signed.dataset, tier: 'critical' }))).rejects.toThrow();
});

test('a key pair of ssh-keygen signs, by ssh-keygen and here', async () => {
  const path = join(folder, 'id');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'alice', '-f', path]);
  const publicKey = parsePublicKey(await readFile(`${path}.pub`, 'utf8'));
  const { stdout } = await run('ssh-keygen', ['-lf', `${path}.pub`]);
  expect(stdout).toContain(publicKey.keyid);

  const privateKey = await parsePrivateKey(await readFile(path, 'utf8'));
  const here = await signManifest(sample(), privateKey);
  expect(verifyManifest(here, [publicKey]).ok).toBe(true);
  const message = await file('dataset', canonicalize(sample().dataset));
  await run('ssh-keygen', ['-q', '-Y', 'sign', '-f', path, '-n', 'holdfast-dataset', message]);
  const theirs = addSignature(sample(), importSshSignature(await readFile(`${message}.sig`, 'utf8')));
  expect(verifyManifest(theirs, [publicKey])).toMatchObject({ ok: true });
});

test('an encrypted key of ssh-keygen is refused with the command that signs with it', async () => {
  const path = join(folder, 'id');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'correct horse', '-a', '2', '-f', path]);
  const parsing = parsePrivateKey(await readFile(path, 'utf8'), { password: 'correct horse' });
  await expect(parsing).rejects.toMatchObject({
    code: 'key/openssh-encrypted',
    hint: expect.stringContaining('holdfast sign <manifest> --ssh <key file>'),
  });
});

test('ssh-keygen reads the public key written here', async () => {
  const path = await file('alice.pub', `${formatPublicKey(key(1, 'alice').publicKey)}\n`);
  const { stdout } = await run('ssh-keygen', ['-lf', path]);
  expect(stdout).toContain(`256 ${key(1).publicKey.keyid} alice (ED25519)`);
});

test.each([undefined, 'correct horse'])(
  'openssl pkey reads the private key written here (password: %s)',
  async (password) => {
    const path = await file(
      'key.pem',
      await encodePrivateKey(key(1), password === undefined ? {} : { password }),
    );
    const { stdout } = await run('openssl', [
      'pkey',
      '-in',
      path,
      '-pubout',
      '-passin',
      `pass:${password ?? ''}`,
    ]);
    expect(stdout).toBe(formatSpki(key(1).publicKey));
  },
);

test('openssl verifies a signature made here, and makes one that verifies', async () => {
  const signed = sample({ signers: [key(1)] });
  const message = await file('payload', signingPayload(signed.dataset));
  const signature = await file(
    'signature',
    fromBase64(signed.signatures[0]?.signature ?? '') ?? new Uint8Array(),
  );
  const publicKey = await file('public.pem', formatSpki(key(1).publicKey));
  const verified = await run('openssl', [
    'pkeyutl',
    '-verify',
    '-pubin',
    '-inkey',
    publicKey,
    '-rawin',
    '-in',
    message,
    '-sigfile',
    signature,
  ]);
  expect(verified.stdout).toContain('Signature Verified Successfully');

  const privateKey = await file('private.pem', await encodePrivateKey(key(1)));
  const made = join(folder, 'made');
  await run('openssl', ['pkeyutl', '-sign', '-inkey', privateKey, '-rawin', '-in', message, '-out', made]);
  const theirs = (await readFile(made)).toString('base64');
  const manifest = addSignature(sample(), {
    keyid: key(1).publicKey.keyid,
    format: 'ed25519',
    signature: theirs,
  });
  expect(verifyManifest(manifest, [key(1).publicKey]).ok).toBe(true);
});
