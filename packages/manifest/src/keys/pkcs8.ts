import { ManifestError } from '../error.ts';
import { der, derMembers, readDer, readInteger, readOid, writeDer, writeInteger, writeOid } from './der.ts';
import { writePem } from './pem.ts';
import { PrivateKey } from './private-key.ts';
import { ed25519Oid } from './public-key.ts';
import { unsupportedAlgorithm } from './unsupported-key.ts';

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

/** RFC 8410: version 0, the algorithm, and the seed as an octet string within an octet string. */
export function privateKeyInfo(key: PrivateKey): Uint8Array {
  const algorithm = writeDer(der.sequence, writeOid(ed25519Oid));
  const secret = writeDer(der.octets, writeDer(der.octets, key.exportSeed()));
  return writeDer(der.sequence, writeInteger(0), algorithm, secret);
}
