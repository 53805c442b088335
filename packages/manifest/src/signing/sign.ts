import { toBase64 } from '../crypto/base64.ts';
import { ManifestError } from '../error.ts';
import type { PrivateKey } from '../keys/private-key.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { maxSignatures, type Signature } from '../manifest/signature.ts';
import type { Policy, PolicyDocument } from '../policy/policy.ts';
import {
  datasetContext,
  payloadOf,
  policyContext,
  type SignatureFormat,
  type SigningContext,
} from './payload.ts';
import { dearmorSshSignature, readSshSignature, writeSshSignature } from './sshsig.ts';

export interface Signer {
  readonly privateKey: PrivateKey;
  /** `ed25519` (DSSE) unless given. */
  readonly format?: SignatureFormat;
}

/** The manifest with a signature by this key, in place of any it had before. The one passed in is left as it is. */
export function signManifest(manifest: Manifest, signer: Signer): Manifest {
  return addSignature(manifest, makeSignature(manifest.dataset, datasetContext, signer));
}

/** The policy with a signature by this key, as a root needs it. */
export function signPolicy(document: PolicyDocument, signer: Signer): PolicyDocument {
  return addSignature(document, makeSignature(document.policy, policyContext, signer));
}

/** A manifest or policy with one more signature, in place of any that the same key had. */
export function addSignature<T extends { signatures: Signature[] }>(document: T, signature: Signature): T {
  const others = document.signatures.filter(({ keyid }) => keyid !== signature.keyid);
  if (others.length >= maxSignatures) {
    throw new ManifestError(
      'signature/malformed',
      `expected at most ${maxSignatures} signatures, got one more`,
    );
  }
  return { ...document, signatures: [...others, signature] };
}

/** The signature in what `ssh-keygen -Y sign` wrote, as it goes into `signatures`. Verifying it is another step. */
export function importSshSignature(armored: string): Signature {
  const { blob, base64 } = dearmorSshSignature(armored);
  return { keyid: readSshSignature(blob).publicKey.keyid, format: 'sshsig', signature: base64 };
}

function makeSignature(
  value: Manifest['dataset'] | Policy,
  context: SigningContext,
  signer: Signer,
): Signature {
  const { privateKey, format = 'ed25519' } = signer;
  const { publicKey } = privateKey;
  const bytes = privateKey.sign(payloadOf(value, context, format));
  const { namespace } = context;
  const blob =
    format === 'ed25519'
      ? bytes
      : writeSshSignature({ publicKey, namespace, hash: 'sha512', signature: bytes });
  return { keyid: publicKey.keyid, format, signature: toBase64(blob) };
}
