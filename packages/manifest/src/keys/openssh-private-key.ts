import { concat, equalBytes, utf8 } from '../crypto/bytes.ts';
import { ManifestError } from '../error.ts';
import { PrivateKey } from './private-key.ts';
import { readSshPublicKey } from './public-key.ts';
import { unsupportedSshType } from './unsupported-key.ts';
import { WireReader } from './wire.ts';

// OpenSSH's PROTOCOL.key.

const magic = concat(utf8('openssh-key-v1'), Uint8Array.of(0));

export function parseOpenSshPrivateKey(bytes: Uint8Array): PrivateKey {
  const reader = new WireReader(bytes);
  const preamble = reader.take(magic.length);
  if (preamble === undefined || !equalBytes(preamble, magic))
    throw malformed('it does not begin with openssh-key-v1');
  const [cipher, kdf, kdfOptions, count] = [reader.text(), reader.text(), reader.string(), reader.uint32()];
  const [publicKey, secret] = [reader.string(), reader.string()];
  if (cipher === undefined || kdfOptions === undefined || publicKey === undefined || secret === undefined)
    throw malformed('it is cut short');
  if (count !== 1) throw malformed(`it holds ${count} keys`);
  // The public half is not encrypted: a key of another type is refused by name even if the secret is encrypted.
  const { keyid } = readSshPublicKey(publicKey);
  if (cipher !== 'none' || kdf !== 'none') throw encrypted();
  return readSecret(secret, keyid);
}

function readSecret(secret: Uint8Array, keyid: string): PrivateKey {
  const reader = new WireReader(secret);
  const [first, second] = [reader.uint32(), reader.uint32()];
  if (first === undefined || first !== second) throw malformed('its check numbers differ');
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

/** Its key comes from bcrypt_pbkdf, which no runtime has. Who has such a key has ssh-keygen, which can sign with it. */
function encrypted(): ManifestError {
  const message = 'the OpenSSH private key is encrypted; only ssh-keygen can use it';
  const hint = 'run: holdfast sign <manifest> --ssh <key file>';
  return new ManifestError('key/openssh-encrypted', message, { hint });
}

function malformed(why: string): ManifestError {
  return new ManifestError('key/malformed', `the OpenSSH private key cannot be read: ${why}`);
}
