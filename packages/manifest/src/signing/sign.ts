import { toBase64 } from '../crypto/base64.ts';
import { verifyEd25519 } from '../crypto/ed25519.ts';
import { ManifestError } from '../error.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { Signer } from '../keys/signer.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { maxSignatures, type Signature } from '../manifest/signature.ts';
import type { Policy, PolicyDocument } from '../policy/policy.ts';
import { expectManifest, wrongArgument } from '../text/argument.ts';
import {
  datasetContext,
  payloadOf,
  policyContext,
  type SignatureFormat,
  type SigningContext,
} from './payload.ts';
import { writeSshSignature } from './sshsig.ts';
import { validManifest, validPolicy } from './valid-document.ts';

export interface SignOptions {
  /** `ed25519` (the default) signs DSSE's encoding; `sshsig` signs as `ssh-keygen -Y sign` does. */
  readonly format?: SignatureFormat | undefined;
}

/**
 * The manifest with a signature by this key, which replaces an earlier one by the same key. The argument does not change. A manifest that
 * `readManifest` would refuse is not signed: the error is `manifest/invalid` and has the `problems`.
 *
 * @example
 * ```ts
 * const signed = await signManifest({ dataset: manifest.dataset, signatures: [] }, alice);
 * signed.signatures[0]?.keyid; // => alice.publicKey.keyid
 * ```
 */
export async function signManifest(
  manifest: Manifest,
  signer: Signer,
  options: SignOptions = {},
): Promise<Manifest> {
  expectManifest('signManifest', manifest);
  const valid = validManifest(manifest);
  return addSignature(valid, await makeSignature(valid.dataset, datasetContext, signer, options));
}

/**
 * The policy with a signature by this key, as a change under `root` needs it.
 *
 * @example
 * ```ts
 * const signed = await signPolicy({ policy, signatures: [] }, alice);
 * signed.signatures.length; // => 1
 * ```
 */
export async function signPolicy(
  document: PolicyDocument,
  signer: Signer,
  options: SignOptions = {},
): Promise<PolicyDocument> {
  const valid = validPolicy(document);
  return addSignature(valid, await makeSignature(valid.policy, policyContext, signer, options));
}

/** A manifest or policy with one more signature, which replaces an earlier one by the same key. */
export function addSignature<T extends { readonly signatures: readonly Signature[] }>(
  document: T,
  signature: Signature,
): T {
  const others = document.signatures.filter(({ keyid }) => keyid !== signature.keyid);
  if (others.length >= maxSignatures)
    throw new ManifestError(
      'signature/malformed',
      `expected at most ${maxSignatures} signatures, got one more`,
    );
  return { ...document, signatures: [...others, signature] };
}

async function makeSignature(
  value: Manifest['dataset'] | Policy,
  context: SigningContext,
  signer: Signer,
  { format = 'ed25519' }: SignOptions,
): Promise<Signature> {
  if (typeof signer?.sign !== 'function' || signer.publicKey === undefined)
    throw wrongArgument('signer', 'a PrivateKey, or an object with "publicKey" and "sign"', signer);
  const payload = payloadOf(value, context, format);
  const bytes = await signer.sign(payload);
  const { keyid } = signer.publicKey;
  if (!verifyEd25519(bytes, payload, signer.publicKey.bytes))
    throw new ManifestError(
      'signature/malformed',
      `the signer returned bytes that are not a signature by ${keyid}`,
    );
  return encodeSignature(signer.publicKey, context, format, bytes);
}

/** The 64 bytes that Ed25519 made, as they stand in `signatures`. */
export function encodeSignature(
  publicKey: PublicKey,
  { namespace }: SigningContext,
  format: SignatureFormat,
  signature: Uint8Array,
): Signature {
  const blob =
    format === 'ed25519' ? signature : writeSshSignature({ publicKey, namespace, hash: 'sha512', signature });
  return { keyid: publicKey.keyid, format, signature: toBase64(blob) };
}
