import { concat, utf8 } from '../crypto/bytes.ts';
import { canonicalBytes } from '../manifest/digest.ts';
import type { Dataset } from '../manifest/manifest.ts';
import type { Signature } from '../manifest/signature.ts';
import { sshSignedData } from './sshsig.ts';

export type SignatureFormat = Signature['format'];

/** What a signature covers besides the bytes: one for a dataset is invalid for a policy. */
export interface SigningContext {
  /** DSSE payload type. */
  readonly payloadType: string;
  /** Namespace of `ssh-keygen -Y sign -n`. */
  readonly namespace: string;
}

export const datasetContext: SigningContext = {
  payloadType: 'application/vnd.holdfast.dataset.v1+json',
  namespace: 'holdfast-dataset',
};

export const policyContext: SigningContext = {
  payloadType: 'application/vnd.holdfast.policy.v1+json',
  namespace: 'holdfast-policy',
};

/** DSSE's pre-authentication encoding, protocol version 1. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

/**
 * The bytes that Ed25519 signs for a dataset, for a signature made elsewhere.
 *
 * @example
 * ```ts
 * const signature = alice.sign(signingPayload(manifest.dataset));
 * signature.length; // => 64
 * ```
 */
export function signingPayload(dataset: Dataset, format: SignatureFormat = 'ed25519'): Uint8Array {
  return payloadOf(dataset, datasetContext, format);
}

export function payloadOf(value: object, context: SigningContext, format: SignatureFormat): Uint8Array {
  const bytes = canonicalBytes(value);
  return format === 'ed25519'
    ? preAuthEncoding(context.payloadType, bytes)
    : sshSignedData(context.namespace, 'sha512', bytes);
}
