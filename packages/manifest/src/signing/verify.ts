import { fromBase64 } from '../crypto/base64.ts';
import { verifyEd25519 } from '../crypto/ed25519.ts';
import { show } from '../display.ts';
import { ManifestError } from '../error.ts';
import { type Fault, problem } from '../fault.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { Dataset, Manifest } from '../manifest/manifest.ts';
import type { Signature } from '../manifest/signature.ts';
import type { Problem } from '../problem.ts';
import type { Policy, PolicyDocument } from '../trust/policy.ts';
import { canonicalBytes } from './digest.ts';
import { datasetContext, policyContext, preAuthEncoding, type SigningContext } from './payload.ts';
import { readSshSignature, verifySshSignature } from './sshsig.ts';

export interface SignatureVerdict {
  readonly signature: Signature;
  readonly keyid: string;
  /** The known key that `keyid` names. */
  readonly key?: PublicKey;
  /** The key is known and the signature is its own, over exactly this dataset. */
  readonly ok: boolean;
  readonly problem?: Problem;
}

/** A verdict for each signature, in their order. Trust is another question: see `evaluateTrust`. */
export function verifyManifest(manifest: Manifest, keys: Iterable<PublicKey>): SignatureVerdict[] {
  const known = new Map(Array.from(keys, (key) => [key.keyid, key]));
  return verifySignatures(manifest.dataset, manifest.signatures, datasetContext, (keyid) => known.get(keyid));
}

export function verifyPolicy(document: PolicyDocument, keys: Iterable<PublicKey>): SignatureVerdict[] {
  const known = new Map(Array.from(keys, (key) => [key.keyid, key]));
  return verifySignatures(document.policy, document.signatures, policyContext, (keyid) => known.get(keyid));
}

export function verifySignatures(
  value: Dataset | Policy,
  signatures: readonly Signature[],
  context: SigningContext,
  find: (keyid: string) => PublicKey | undefined,
): SignatureVerdict[] {
  const message = canonicalBytes(value);
  return signatures.map((signature, index) => {
    const { keyid } = signature;
    const key = find(keyid);
    const fault = key === undefined ? unknownKey(keyid) : signatureFault(signature, key, context, message);
    const verdict = { signature, keyid, ok: fault === undefined, ...(key && { key }) };
    return fault === undefined
      ? verdict
      : { ...verdict, problem: problem(fault, { path: `/signatures/${index}` }) };
  });
}

/** Structure, then the key, then the signature. */
function signatureFault(
  signature: Signature,
  key: PublicKey,
  context: SigningContext,
  message: Uint8Array,
): Fault | undefined {
  const bytes = fromBase64(signature.signature);
  if (bytes === undefined)
    return { code: 'signature/malformed', message: `the signature by ${key.keyid} is not base64` };
  if (signature.format === 'sshsig') return sshFault(bytes, key, context, message);
  if (bytes.length !== 64) {
    return {
      code: 'signature/malformed',
      message: `the signature by ${key.keyid}: expected 64 bytes, got ${bytes.length}`,
    };
  }
  const payload = preAuthEncoding(context.payloadType, message);
  return verifyEd25519(bytes, payload, key.bytes) ? undefined : invalid(key);
}

function sshFault(
  blob: Uint8Array,
  key: PublicKey,
  context: SigningContext,
  message: Uint8Array,
): Fault | undefined {
  try {
    const signed = readSshSignature(blob);
    if (signed.publicKey.keyid !== key.keyid) {
      return {
        code: 'signature/keyid-mismatch',
        message: `the sshsig is by ${signed.publicKey.keyid}, keyid says ${key.keyid}`,
      };
    }
    if (signed.namespace !== context.namespace) {
      const got = `the sshsig is for the namespace ${show(signed.namespace)}, expected ${show(context.namespace)}`;
      return {
        code: 'signature/invalid',
        message: got,
        hint: `sign with ssh-keygen -Y sign -n ${context.namespace}`,
      };
    }
    return verifySshSignature(signed, context.namespace, message) ? undefined : invalid(key);
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    return { code: 'signature/malformed', message: `the signature by ${key.keyid}: ${cause.message}` };
  }
}

function unknownKey(keyid: string): Fault {
  return { code: 'trust/unknown-key', message: `the key ${show(keyid)} belongs to no signer` };
}

function invalid(key: PublicKey): Fault {
  return {
    code: 'signature/invalid',
    message: `the signature by ${key.keyid} does not verify: something in what it signed has changed`,
  };
}
