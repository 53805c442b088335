import { ManifestError } from '../error.ts';
import { parseOpenSshPrivateKey } from './openssh-private-key.ts';
import { parsePem, pemLabel } from './pem.ts';
import { decryptPkcs8, encryptPkcs8, formatPkcs8, parsePkcs8 } from './pkcs8.ts';
import { type PrivateKey, platformRandom, type RandomBytes } from './private-key.ts';
import { unsupportedPem } from './unsupported-key.ts';

export interface EncodeOptions {
  /** Encrypts the key, as `openssl pkey` reads it. */
  readonly password?: string;
  readonly randomBytes?: RandomBytes;
}

/** PKCS#8 PEM: RFC 8410, and with a password RFC 8018's PBES2. */
export async function encodePrivateKey(key: PrivateKey, options: EncodeOptions = {}): Promise<string> {
  const { password, randomBytes = platformRandom } = options;
  return password === undefined ? formatPkcs8(key) : await encryptPkcs8(key, password, randomBytes);
}

/**
 * A private key in PKCS#8 PEM or OpenSSH's own format, encrypted or not. Asynchronous because the ciphers are loaded only for a key that
 * needs them.
 */
export async function parsePrivateKey(
  text: string,
  options: { readonly password?: string } = {},
): Promise<PrivateKey> {
  const label = pemLabel(text);
  const pem = parsePem(text);
  if (label === undefined) {
    throw new ManifestError('key/malformed', 'expected a private key in PKCS#8 PEM or OpenSSH format');
  }
  if (/Proc-Type: 4,ENCRYPTED/.test(text) || !readable.includes(label)) throw unsupportedPem(label);
  if (pem === undefined)
    throw new ManifestError('key/malformed', `the block ${label} is not one whole PEM block`);
  if (label === 'OPENSSH PRIVATE KEY') return await parseOpenSshPrivateKey(pem.bytes, options.password);
  if (label === 'PRIVATE KEY') return parsePkcs8(pem.bytes);
  return await decryptPkcs8(pem.bytes, options.password);
}

const readable: readonly string[] = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY'];
