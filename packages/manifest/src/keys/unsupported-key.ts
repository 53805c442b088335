import { ManifestError } from '../error.ts';
import { show } from '../text/display.ts';

const useEd25519 = 'use an Ed25519 key: holdfast keygen, or ssh-keygen -t ed25519';

const sshNames: readonly (readonly [RegExp, string])[] = [
  [/^sk-/, 'a key on a security token (sk-)'],
  [/^(ssh-rsa|rsa-sha2)/, 'an RSA key'],
  [/^ssh-dss/, 'a DSA key'],
  [/^ecdsa-/, 'an ECDSA key'],
  [/^ssh-ed448/, 'an Ed448 key'],
  [/-cert-/, 'a certificate'],
];

/** Algorithms of SPKI and PKCS#8 by their object identifier. */
const oidNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'an RSA key',
  '1.2.840.113549.1.1.10': 'an RSA-PSS key',
  '1.2.840.10045.2.1': 'an ECDSA key',
  '1.2.840.10040.4.1': 'a DSA key',
  '1.3.101.110': 'an X25519 key',
  '1.3.101.113': 'an Ed448 key',
};

/** The refusal of an SSH key type that is not `ssh-ed25519`. */
export function unsupportedSshType(type: string): ManifestError {
  const name =
    (type.includes('-cert-') ? 'a certificate' : undefined) ??
    sshNames.find(([match]) => match.test(type))?.[1];
  const what = name === undefined ? `a key of type ${show(type)}` : `${name}, ${show(type)}`;
  return new ManifestError('key/unsupported-type', `expected an ssh-ed25519 key, got ${what}`, {
    hint: useEd25519,
  });
}

/** The refusal of a key whose algorithm identifier is not Ed25519's. */
export function unsupportedAlgorithm(oid: string): ManifestError {
  const what = oidNames[oid] ?? `algorithm ${oid}`;
  return new ManifestError('key/unsupported-type', `expected an Ed25519 key, got ${what}`, {
    hint: useEd25519,
  });
}

export function isSshKeyType(word: string): boolean {
  return word === 'ssh-ed25519' || sshNames.some(([match]) => match.test(word));
}

/** The refusal of a PEM block that names its algorithm in its label. */
export function unsupportedPem(label: string): ManifestError {
  const traditional = /^(RSA|EC|DSA)( PARAMETERS| PRIVATE KEY| PUBLIC KEY)/.exec(label)?.[1];
  const what =
    traditional === undefined
      ? show(label)
      : `${traditional === 'EC' ? 'an ECDSA' : `a${traditional === 'RSA' ? 'n' : ''} ${traditional}`} key, ${show(label)}`;
  return new ManifestError('key/unsupported-type', `expected an Ed25519 key, got ${what}`, {
    hint: useEd25519,
  });
}
