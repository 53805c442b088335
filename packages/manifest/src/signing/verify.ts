import { fromBase64 } from '../crypto/base64.ts';
import { type Equation, verifyEd25519, verifyEd25519Async } from '../crypto/ed25519.ts';
import { ManifestError } from '../error.ts';
import { locationOf } from '../json/source.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { canonicalBytes } from '../manifest/digest.ts';
import type { Dataset, Manifest } from '../manifest/manifest.ts';
import type { Signature } from '../manifest/signature.ts';
import type { Policy, PolicyDocument } from '../policy/policy.ts';
import type { Problem } from '../problem/problem.ts';
import { type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { expectList, expectManifest } from '../text/argument.ts';
import { show } from '../text/display.ts';
import { datasetContext, policyContext, preAuthEncoding, type SigningContext } from './payload.ts';
import { readSshSignature, sshEquation } from './sshsig.ts';

/** The verdict on one signature. */
export interface SignatureVerdict {
  readonly signature: Signature;
  readonly keyid: string;
  /** The known key that `keyid` names. */
  readonly key?: PublicKey;
  /** The key is known, and the signature is its own over exactly this dataset. */
  readonly ok: boolean;
  readonly problem?: Problem;
}

export interface Verification {
  /** At least one of the keys signed, and no signature by one of them is false. Signatures by other keys do not matter. */
  readonly ok: boolean;
  /** The keys whose signatures hold. */
  readonly signedBy: readonly PublicKey[];
  /** One for each signature of the manifest, in their order. */
  readonly signatures: readonly SignatureVerdict[];
}

/**
 * Who of these keys signed the manifest. Whether that is enough under a policy is for `evaluateTrust`.
 *
 * @example
 * ```ts
 * const { ok, signedBy } = verifyManifest(manifest, [alice.publicKey]);
 * ok; // => true
 * signedBy.map(({ keyid }) => keyid); // => [alice.publicKey.keyid]
 * ```
 */
export function verifyManifest(manifest: Manifest, keys: Iterable<PublicKey>): Verification {
  expectManifest('verifyManifest', manifest);
  return verificationOf(
    verifySignatures(manifest.dataset, manifest.signatures, datasetContext, finder(keys)),
  );
}

export function verifyPolicy(
  { policy, signatures }: PolicyDocument,
  keys: Iterable<PublicKey>,
): Verification {
  return verificationOf(verifySignatures(policy, signatures, policyContext, finder(keys)));
}

function finder(keys: Iterable<PublicKey>): FindKey {
  expectList('keys', 'public keys', keys);
  const known = new Map(Array.from(keys, (key) => [key.keyid, key]));
  return (keyid) => known.get(keyid);
}

function verificationOf(signatures: readonly SignatureVerdict[]): Verification {
  const signedBy = signatures.flatMap(({ ok, key }) => (ok && key ? [key] : []));
  const sound = signatures.every(({ ok, key }) => ok || key === undefined);
  return { ok: sound && signedBy.length > 0, signedBy, signatures };
}

export type FindKey = (keyid: string) => PublicKey | undefined;

export function verifySignatures(
  value: Dataset | Policy,
  signatures: readonly Signature[],
  context: SigningContext,
  find: FindKey,
): SignatureVerdict[] {
  return checksOf(value, signatures, context, find).map((check, index) => {
    if (check.draft !== undefined) return verdictOf(value, check, index);
    const { signature, message, publicKey } = check.equation;
    return verdictOf(value, check, index, verifyEd25519(signature, message, publicKey));
  });
}

/** The same verdicts, without blocking the caller: the runtime verifies on its threads if it has them. */
export function verifySignaturesAsync(
  value: Dataset | Policy,
  signatures: readonly Signature[],
  context: SigningContext,
  find: FindKey,
): Promise<SignatureVerdict[]> {
  return Promise.all(
    checksOf(value, signatures, context, find).map(async (check, index) =>
      check.draft === undefined
        ? verdictOf(value, check, index, await verifyEd25519Async(check.equation))
        : verdictOf(value, check, index),
    ),
  );
}

/** A signature with what is wrong, or with the equation that is still to be checked. */
type SignatureCheck = { readonly signature: Signature } & (
  | { readonly key?: PublicKey; readonly draft: ProblemDraft }
  | { readonly key: PublicKey; readonly draft?: undefined; readonly equation: Equation }
);

function checksOf(
  value: Dataset | Policy,
  signatures: readonly Signature[],
  context: SigningContext,
  find: FindKey,
): SignatureCheck[] {
  const message = canonicalBytes(value);
  return signatures.map((signature) => {
    const key = find(signature.keyid);
    if (key === undefined) return { signature, draft: unknownKey(signature.keyid) };
    const read = readSignature(signature, key, context, message);
    return 'code' in read ? { signature, key, draft: read } : { signature, key, equation: read };
  });
}

function verdictOf(value: object, check: SignatureCheck, index: number, holds = false): SignatureVerdict {
  const { signature, key } = check;
  const draft = check.draft ?? (holds ? undefined : invalid(check.key));
  const verdict = { signature, keyid: signature.keyid, ok: draft === undefined, ...(key && { key }) };
  return draft === undefined
    ? verdict
    : { ...verdict, problem: problem(draft, locationOf(value, `/signatures/${index}`)) };
}

/** Structure, then the key. The equation comes last. */
function readSignature(
  signature: Signature,
  key: PublicKey,
  context: SigningContext,
  message: Uint8Array,
): ProblemDraft | Equation {
  const bytes = fromBase64(signature.signature);
  if (bytes === undefined)
    return { code: 'signature/malformed', message: `the signature by ${key.keyid} is not base64` };
  if (signature.format === 'sshsig') return readSsh(bytes, key, context, message);
  if (bytes.length !== 64) {
    return {
      code: 'signature/malformed',
      message: `the signature by ${key.keyid}: expected 64 bytes, got ${bytes.length}`,
    };
  }
  const payload = preAuthEncoding(context.payloadType, message);
  return { signature: bytes, message: payload, publicKey: key.bytes };
}

function readSsh(
  blob: Uint8Array,
  key: PublicKey,
  context: SigningContext,
  message: Uint8Array,
): ProblemDraft | Equation {
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
    return sshEquation(signed, message);
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    return { code: 'signature/malformed', message: `the signature by ${key.keyid}: ${cause.message}` };
  }
}

function unknownKey(keyid: string): ProblemDraft {
  return { code: 'trust/unknown-key', message: `the key ${show(keyid)} belongs to no signer` };
}

function invalid(key: PublicKey): ProblemDraft {
  return {
    code: 'signature/invalid',
    message: `the signature by ${key.keyid} does not verify: something in what it signed has changed`,
  };
}
