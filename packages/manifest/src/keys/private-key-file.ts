import { ManifestError } from '../error.ts';
import { parseOpenSshPrivateKey } from './openssh-private-key.ts';
import { decryptPbes2, encryptPbes2 } from './pbes2.ts';
import { parsePem, pemLabel, writePem } from './pem.ts';
import { formatPkcs8, parsePkcs8, privateKeyInfo } from './pkcs8.ts';
import { type PrivateKey, platformRandom, type RandomBytes } from './private-key.ts';
import { unsupportedPem } from './unsupported-key.ts';

export interface EncodeOptions {
  /** Encrypts the key, as `openssl pkey` reads it. */
  readonly password?: string | undefined;
  readonly randomBytes?: RandomBytes | undefined;
}

/** PKCS#8 PEM: RFC 8410, and with a password RFC 8018's PBES2. */
export async function encodePrivateKey(key: PrivateKey, options: EncodeOptions = {}): Promise<string> {
  const { password, randomBytes = platformRandom } = options;
  if (password === undefined) return formatPkcs8(key);
  return writePem('ENCRYPTED PRIVATE KEY', await encryptPbes2(privateKeyInfo(key), password, randomBytes));
}

/**
 * A private key in PKCS#8 PEM, with a password or not, or in OpenSSH's own format without a passphrase.
 *
 * @example
 * ```ts
 * const key = await parsePrivateKey(alicePem, { password: undefined });
 * key.publicKey.keyid; // => alice.publicKey.keyid
 * ```
 */
export async function parsePrivateKey(
  text: string,
  options: { readonly password?: string | undefined } = {},
): Promise<PrivateKey> {
  const label = pemLabel(text);
  const pem = parsePem(text);
  if (label === undefined) {
    throw new ManifestError('key/malformed', 'expected a private key in PKCS#8 PEM or OpenSSH format');
  }
  if (/Proc-Type: 4,ENCRYPTED/.test(text) || !readable.includes(label)) throw unsupportedPem(label);
  if (pem === undefined)
    throw new ManifestError('key/malformed', `the block ${label} is not one whole PEM block`);
  if (label === 'OPENSSH PRIVATE KEY') return parseOpenSshPrivateKey(pem.bytes);
  if (label === 'PRIVATE KEY') return parsePkcs8(pem.bytes);
  return parsePkcs8(await decryptPbes2(pem.bytes, options.password));
}

const readable: readonly string[] = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY'];
