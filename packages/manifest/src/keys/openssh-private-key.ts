import { concat, equalBytes, utf8 } from '../crypto/bytes.ts';
import { ManifestError } from '../error.ts';
import { show } from '../text/display.ts';
import { wrongPassword } from './pkcs8.ts';
import { PrivateKey } from './private-key.ts';
import { readSshPublicKey } from './public-key.ts';
import { unsupportedSshType } from './unsupported-key.ts';
import { WireReader } from './wire.ts';

// OpenSSH's PROTOCOL.key.

const magic = concat(utf8('openssh-key-v1'), Uint8Array.of(0));
/** Bytes of key and of counter or IV that a cipher takes. */
const ciphers: Readonly<Record<string, { readonly key: number; readonly mode: 'ctr' | 'cbc' }>> = {
  'aes128-ctr': { key: 16, mode: 'ctr' },
  'aes192-ctr': { key: 24, mode: 'ctr' },
  'aes256-ctr': { key: 32, mode: 'ctr' },
  'aes128-cbc': { key: 16, mode: 'cbc' },
  'aes256-cbc': { key: 32, mode: 'cbc' },
};
const maxRounds = 2048;

export async function parseOpenSshPrivateKey(
  bytes: Uint8Array,
  passphrase: string | undefined,
): Promise<PrivateKey> {
  const reader = new WireReader(bytes);
  const preamble = reader.take(magic.length);
  if (preamble === undefined || !equalBytes(preamble, magic))
    throw malformed('it does not begin with openssh-key-v1');
  const [cipher, kdf, kdfOptions, count] = [reader.text(), reader.text(), reader.string(), reader.uint32()];
  const [publicKey, secret] = [reader.string(), reader.string()];
  if (cipher === undefined || kdfOptions === undefined || publicKey === undefined || secret === undefined)
    throw malformed('it is cut short');
  if (count !== 1) throw malformed(`it holds ${count} keys`);
  // Before the passphrase is asked for: a key of another type is refused by name, and the public half is not encrypted.
  const expected = readSshPublicKey(publicKey);
  if (cipher === 'none' && kdf === 'none') return readSecret(secret, expected.keyid, false);
  const plain = await decrypt(secret, cipher, kdf, kdfOptions, passphrase);
  return readSecret(plain, expected.keyid, true);
}

async function decrypt(
  secret: Uint8Array,
  cipher: string,
  kdf: string | undefined,
  options: Uint8Array,
  passphrase: string | undefined,
) {
  const parameters = ciphers[cipher];
  if (parameters === undefined || kdf !== 'bcrypt') {
    const hint = 'rewrite it with ssh-keygen -p -Z aes256-ctr -f <file>';
    throw new ManifestError(
      'key/unsupported-encryption',
      `the private key is encrypted with ${show(cipher)} and ${show(kdf)}, which is not read`,
      { hint },
    );
  }
  const reader = new WireReader(options);
  const [salt, rounds] = [reader.string(), reader.uint32()];
  if (
    salt === undefined ||
    rounds === undefined ||
    rounds < 1 ||
    rounds > maxRounds ||
    secret.length % 16 !== 0
  )
    throw malformed('its encryption has odd parameters');
  if (passphrase === undefined)
    throw new ManifestError('key/password-needed', 'the private key is encrypted; a passphrase is needed');
  const { bcryptPbkdf } = await import('./bcrypt-pbkdf.ts');
  const { cbc, ctr } = await import('@noble/ciphers/aes.js');
  const stretched = bcryptPbkdf(utf8(passphrase), salt, rounds, parameters.key + 16);
  const [key, iv] = [stretched.subarray(0, parameters.key), stretched.subarray(parameters.key)];
  return parameters.mode === 'ctr'
    ? ctr(key, iv).decrypt(secret)
    : cbc(key, iv, { disablePadding: true }).decrypt(secret);
}

function readSecret(secret: Uint8Array, keyid: string, encrypted: boolean): PrivateKey {
  const reader = new WireReader(secret);
  const [first, second] = [reader.uint32(), reader.uint32()];
  if (first === undefined || first !== second)
    throw encrypted ? wrongPassword() : malformed('its check numbers differ');
  const type = reader.text();
  if (type !== undefined && type !== 'ssh-ed25519') throw unsupportedSshType(type);
  const [, pair, comment] = [reader.string(), reader.string(), reader.text()];
  if (pair?.length !== 64) throw malformed('the key in it has the wrong length');
  const key = new PrivateKey(pair.subarray(0, 32), comment);
  const padding = reader.rest();
  if (key.publicKey.keyid !== keyid || !equalBytes(key.publicKey.bytes, pair.subarray(32)))
    throw malformed('its public and private halves differ');
  if (padding.length >= 16 || padding.some((byte, index) => byte !== index + 1))
    throw malformed('its padding is wrong');
  return key;
}

function malformed(why: string): ManifestError {
  return new ManifestError('key/malformed', `the OpenSSH private key cannot be read: ${why}`);
}
