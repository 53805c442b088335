import type { PrivateKey } from '../keys/private-key.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { datasetContext, payloadOf, policyContext } from './payload.ts';
import { addSignature, encodeSignature } from './sign.ts';

// For tests and benchmarks: signs at once, and also what `signManifest` refuses, as an attacker would.

export function signUnchecked<Signed extends Manifest>(manifest: Signed, key: PrivateKey): Signed {
  const signature = key.sign(payloadOf(manifest.dataset, datasetContext, 'ed25519'));
  return addSignature(manifest, encodeSignature(key.publicKey, datasetContext, 'ed25519', signature));
}

export function signPolicyUnchecked(document: PolicyDocument, key: PrivateKey): PolicyDocument {
  const signature = key.sign(payloadOf(document.policy, policyContext, 'ed25519'));
  return addSignature(document, encodeSignature(key.publicKey, policyContext, 'ed25519', signature));
}
