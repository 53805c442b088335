import { utf8 } from '../crypto/bytes.ts';
import { nativeCrypto } from '../crypto/native.ts';
import { ManifestError } from '../error.ts';
import { der, derMembers, readDer, readInteger, readOid, writeDer, writeInteger, writeOid } from './der.ts';
import { writePem } from './pem.ts';
import { PrivateKey, type RandomBytes } from './private-key.ts';
import { ed25519Oid } from './public-key.ts';
import { unsupportedAlgorithm } from './unsupported-key.ts';

const oid = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha1: '1.2.840.113549.2.7',
  hmacSha256: '1.2.840.113549.2.9',
  hmacSha512: '1.2.840.113549.2.11',
  aes128: '2.16.840.1.101.3.4.1.2',
  aes192: '2.16.840.1.101.3.4.1.22',
  aes256: '2.16.840.1.101.3.4.1.42',
} as const;

/** OWASP's figure for PBKDF2 with HMAC-SHA-256. */
const rounds = 600_000;
/** A file may ask for no more: it would only be to make the reader wait. */
const maxRounds = 10_000_000;

const keyLengths: Readonly<Record<string, number>> = { [oid.aes128]: 16, [oid.aes192]: 24, [oid.aes256]: 32 };
const digests: Readonly<Record<string, Digest>> = {
  [oid.hmacSha1]: 'sha1',
  [oid.hmacSha256]: 'sha256',
  [oid.hmacSha512]: 'sha512',
};

type Digest = 'sha1' | 'sha256' | 'sha512';

export function formatPkcs8(key: PrivateKey): string {
  return writePem('PRIVATE KEY', privateKeyInfo(key));
}

export function parsePkcs8(bytes: Uint8Array): PrivateKey {
  const [version, algorithm, secret] = derMembers(readDer(bytes)?.[0]) ?? [];
  const algorithmOid = readOid(derMembers(algorithm)?.[0]);
  if (algorithmOid !== undefined && algorithmOid !== ed25519Oid) throw unsupportedAlgorithm(algorithmOid);
  const seed = secret?.tag === der.octets ? readDer(secret.bytes)?.[0] : undefined;
  if (readInteger(version) === undefined || algorithmOid === undefined || seed?.tag !== der.octets) {
    throw new ManifestError('key/malformed', 'the PEM block is not a PKCS#8 private key (RFC 8410)');
  }
  return new PrivateKey(seed.bytes);
}

export async function encryptPkcs8(
  key: PrivateKey,
  password: string,
  randomBytes: RandomBytes,
): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const { cbc } = await import('@noble/ciphers/aes.js');
  const encrypted = cbc(await stretch(password, salt, rounds, 32, 'sha256'), iv).encrypt(privateKeyInfo(key));
  const prf = writeDer(der.sequence, writeOid(oid.hmacSha256), writeDer(der.null));
  const kdf = writeDer(der.sequence, writeDer(der.octets, salt), writeInteger(rounds), prf);
  const scheme = writeDer(
    der.sequence,
    writeDer(der.sequence, writeOid(oid.pbkdf2), kdf),
    writeDer(der.sequence, writeOid(oid.aes256), writeDer(der.octets, iv)),
  );
  const algorithm = writeDer(der.sequence, writeOid(oid.pbes2), scheme);
  return writePem(
    'ENCRYPTED PRIVATE KEY',
    writeDer(der.sequence, algorithm, writeDer(der.octets, encrypted)),
  );
}

export async function decryptPkcs8(bytes: Uint8Array, password: string | undefined): Promise<PrivateKey> {
  const { salt, count, digest, keyLength, iv, encrypted } = readEncryption(bytes);
  if (password === undefined)
    throw new ManifestError('key/password-needed', 'the private key is encrypted; a password is needed');
  const { cbc } = await import('@noble/ciphers/aes.js');
  const secret = await stretch(password, salt, count, keyLength, digest);
  let plain: Uint8Array;
  try {
    plain = cbc(secret, iv).decrypt(encrypted);
  } catch (cause) {
    throw wrongPassword(cause);
  }
  // Padding comes out right by chance once in 256 wrong passwords: then it is not DER.
  if (readDer(plain)?.length !== 1 || derMembers(readDer(plain)?.[0]) === undefined) throw wrongPassword();
  return parsePkcs8(plain);
}

function readEncryption(bytes: Uint8Array) {
  const [algorithm, encrypted] = derMembers(readDer(bytes)?.[0]) ?? [];
  const [scheme, parameters] = derMembers(algorithm) ?? [];
  const schemeOid = readOid(scheme);
  if (schemeOid === undefined || encrypted?.tag !== der.octets) {
    throw new ManifestError('key/malformed', 'the PEM block is not an encrypted PKCS#8 private key');
  }
  if (schemeOid !== oid.pbes2) throw unsupported(`encryption scheme ${schemeOid}`);
  const [kdf, cipher] = derMembers(parameters) ?? [];
  const [kdfOid, kdfParameters] = derMembers(kdf) ?? [];
  if (readOid(kdfOid) !== oid.pbkdf2) throw unsupported(`key derivation ${readOid(kdfOid) ?? 'unknown'}`);
  const [salt, count, ...options] = derMembers(kdfParameters) ?? [];
  const prf = readOid(derMembers(options.find(({ tag }) => tag === der.sequence))?.[0]) ?? oid.hmacSha1;
  const digest = digests[prf];
  const [cipherOid, iv] = derMembers(cipher) ?? [];
  const keyLength = keyLengths[readOid(cipherOid) ?? ''];
  if (digest === undefined) throw unsupported(`PBKDF2 with ${prf}`);
  if (keyLength === undefined) throw unsupported(`cipher ${readOid(cipherOid) ?? 'unknown'}`);
  const rounds = readInteger(count);
  if (rounds === undefined || rounds < 1 || rounds > maxRounds)
    throw unsupported(`${rounds ?? 'too many'} rounds of PBKDF2`);
  if (salt?.tag !== der.octets || iv?.tag !== der.octets || iv.bytes.length !== 16) {
    throw new ManifestError('key/malformed', 'the parameters of the encrypted key are not PBES2');
  }
  return { salt: salt.bytes, count: rounds, digest, keyLength, iv: iv.bytes, encrypted: encrypted.bytes };
}

async function stretch(
  password: string,
  salt: Uint8Array,
  count: number,
  length: number,
  digest: Digest,
): Promise<Uint8Array> {
  const native = nativeCrypto();
  if (native !== undefined) return native.pbkdf2Sync(utf8(password), salt, count, length, digest);
  const { pbkdf2Async } = await import('@noble/hashes/pbkdf2.js');
  const { sha256, sha512 } = await import('@noble/hashes/sha2.js');
  const { sha1 } = await import('@noble/hashes/legacy.js');
  return await pbkdf2Async({ sha1, sha256, sha512 }[digest], utf8(password), salt, {
    c: count,
    dkLen: length,
  });
}

/** RFC 8410: version 0, the algorithm, and the seed as an octet string within an octet string. */
function privateKeyInfo(key: PrivateKey): Uint8Array {
  const algorithm = writeDer(der.sequence, writeOid(ed25519Oid));
  const secret = writeDer(der.octets, writeDer(der.octets, key.exportSeed()));
  return writeDer(der.sequence, writeInteger(0), algorithm, secret);
}

function unsupported(what: string): ManifestError {
  const hint = 'rewrite it with openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256';
  return new ManifestError(
    'key/unsupported-encryption',
    `the private key is encrypted with ${what}, which is not read`,
    { hint },
  );
}

export function wrongPassword(cause?: unknown): ManifestError {
  return new ManifestError('key/wrong-password', 'the password does not open the private key', { cause });
}
