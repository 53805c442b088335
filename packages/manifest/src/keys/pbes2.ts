import { utf8 } from '../crypto/bytes.ts';
import { ManifestError } from '../error.ts';
import {
  type DerValue,
  der,
  derMembers,
  readDer,
  readInteger,
  readOid,
  writeDer,
  writeInteger,
  writeOid,
} from './der.ts';
import type { RandomBytes } from './private-key.ts';

// PBES2 of RFC 8018 with PBKDF2 and AES-CBC, by the Web Crypto that every runtime has.

const oid = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha1: '1.2.840.113549.2.7',
  hmacSha256: '1.2.840.113549.2.9',
  aes256: '2.16.840.1.101.3.4.1.42',
} as const;

const digests: Readonly<Record<string, string>> = {
  [oid.hmacSha1]: 'SHA-1',
  [oid.hmacSha256]: 'SHA-256',
  '1.2.840.113549.2.11': 'SHA-512',
};
const keyBits: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 128,
  '2.16.840.1.101.3.4.1.22': 192,
  [oid.aes256]: 256,
};

/** OWASP's figure for PBKDF2 with HMAC-SHA-256. */
const defaultRounds = 600_000;
/** More would only keep the reader waiting. */
const maxRounds = 10_000_000;

interface Encryption {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  readonly hash: string;
  readonly bits: number;
  readonly iv: Uint8Array<ArrayBuffer>;
}

/** An EncryptedPrivateKeyInfo of the bytes. */
export async function encryptPbes2(
  plain: Uint8Array,
  password: string,
  randomBytes: RandomBytes,
): Promise<Uint8Array> {
  const [salt, iv] = [Uint8Array.from(randomBytes(16)), Uint8Array.from(randomBytes(16))];
  const key = await deriveKey(password, { salt, iterations: defaultRounds, hash: 'SHA-256', bits: 256, iv });
  const encrypted = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, Uint8Array.from(plain));
  const prf = writeDer(der.sequence, writeOid(oid.hmacSha256), writeDer(der.null));
  const kdf = writeDer(der.sequence, writeDer(der.octets, salt), writeInteger(defaultRounds), prf);
  const scheme = writeDer(
    der.sequence,
    writeDer(der.sequence, writeOid(oid.pbkdf2), kdf),
    writeDer(der.sequence, writeOid(oid.aes256), writeDer(der.octets, iv)),
  );
  const algorithm = writeDer(der.sequence, writeOid(oid.pbes2), scheme);
  return writeDer(der.sequence, algorithm, writeDer(der.octets, new Uint8Array(encrypted)));
}

export async function decryptPbes2(bytes: Uint8Array, password: string | undefined): Promise<Uint8Array> {
  const [algorithm, encrypted] = derMembers(readDer(bytes)?.[0]) ?? [];
  const [scheme, parameters] = derMembers(algorithm) ?? [];
  const schemeOid = readOid(scheme);
  if (schemeOid === undefined || encrypted?.tag !== der.octets)
    throw new ManifestError('key/malformed', 'the PEM block is not an encrypted PKCS#8 private key');
  if (schemeOid !== oid.pbes2) throw unsupported(`encryption scheme ${schemeOid}`);
  const encryption = readParameters(parameters);
  if (password === undefined)
    throw new ManifestError('key/password-needed', 'the private key is encrypted and needs a password');
  const key = await deriveKey(password, encryption);
  const { iv } = encryption;
  const plain = await crypto.subtle
    .decrypt({ name: 'AES-CBC', iv }, key, Uint8Array.from(encrypted.bytes))
    .catch((cause: unknown) => {
      throw wrongPassword(cause);
    });
  const decrypted = new Uint8Array(plain);
  // One wrong password in 256 leaves valid padding, but no DER.
  if (readDer(decrypted)?.length !== 1 || derMembers(readDer(decrypted)?.[0]) === undefined)
    throw wrongPassword();
  return decrypted;
}

function readParameters(parameters: DerValue | undefined): Encryption {
  const [kdf, cipher] = derMembers(parameters) ?? [];
  const [kdfOid, kdfParameters] = derMembers(kdf) ?? [];
  if (readOid(kdfOid) !== oid.pbkdf2) throw unsupported(`key derivation ${readOid(kdfOid) ?? 'unknown'}`);
  const [salt, count, ...options] = derMembers(kdfParameters) ?? [];
  const prf = readOid(derMembers(options.find(({ tag }) => tag === der.sequence))?.[0]) ?? oid.hmacSha1;
  const hash = digests[prf];
  const [cipherOid, iv] = derMembers(cipher) ?? [];
  const bits = keyBits[readOid(cipherOid) ?? ''];
  if (hash === undefined) throw unsupported(`PBKDF2 with ${prf}`);
  if (bits === undefined) throw unsupported(`cipher ${readOid(cipherOid) ?? 'unknown'}`);
  const iterations = readInteger(count);
  if (iterations === undefined || iterations < 1 || iterations > maxRounds)
    throw unsupported(`${iterations ?? 'too many'} rounds of PBKDF2`);
  if (salt?.tag !== der.octets || iv?.tag !== der.octets || iv.bytes.length !== 16)
    throw new ManifestError('key/malformed', 'the parameters of the encrypted key are not PBES2');
  return { salt: Uint8Array.from(salt.bytes), iterations, hash, bits, iv: Uint8Array.from(iv.bytes) };
}

async function deriveKey(password: string, { salt, iterations, hash, bits }: Encryption): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', Uint8Array.from(utf8(password)), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const derived = await crypto.subtle.deriveBits({ name: 'PBKDF2', salt, iterations, hash }, secret, bits);
  return crypto.subtle.importKey('raw', derived, 'AES-CBC', false, ['encrypt', 'decrypt']).catch(() => {
    // Chromium has no AES with 192 bits.
    throw unsupported(`AES-${bits}`);
  });
}

function unsupported(what: string): ManifestError {
  const hint = 'convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256';
  return new ManifestError('key/unsupported-encryption', `cannot decrypt a private key with ${what}`, {
    hint,
  });
}

function wrongPassword(cause?: unknown): ManifestError {
  return new ManifestError('key/wrong-password', 'the password does not open the private key', { cause });
}
