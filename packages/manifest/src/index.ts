// Manifests: make, read, write

export { createDataset, type DatasetFacts } from './manifest/create-dataset.ts';
export { formatManifest } from './manifest/format-manifest.ts';
export { Dataset, DatasetFile, Manifest, Profile, Tier } from './manifest/manifest.ts';
export { type ReadResult, readManifest } from './manifest/read-manifest.ts';

// What is wrong, where, and what to do

export { ManifestError, type ManifestErrorCode } from './error.ts';
export type { Problem } from './problem/problem.ts';
export { hasErrors } from './problem/problem-draft.ts';

// What a signature is over

export { sha256 } from './crypto/hash.ts';
export { canonicalize } from './json/canonical.ts';
export { manifestDigest } from './manifest/digest.ts';
export { signingPayload } from './signing/payload.ts';

// Keys

export { keyId } from './keys/key-id.ts';
export { generateKey, PrivateKey } from './keys/private-key.ts';
export { parsePrivateKey } from './keys/private-key-file.ts';
export { formatPublicKey, type PublicKey, parsePublicKey } from './keys/public-key.ts';
export type { Signer } from './keys/signer.ts';

// Sign

export { Signature } from './manifest/signature.ts';
export { signManifest, signPolicy } from './signing/sign.ts';
export { importSshSignature } from './signing/sshsig.ts';

// Verify

export { verifyEd25519 } from './crypto/ed25519.ts';
export { proveFiles, type RootBuilder } from './manifest/prove-files.ts';
export { type SignatureVerdict, type Verification, verifyManifest } from './signing/verify.ts';

// Trust

export { parsePolicy } from './policy/parse-policy.ts';
export { Policy, PolicyDocument } from './policy/policy.ts';
export { defaultTiers, type TierCopies } from './policy/tiers.ts';
export { evaluateTrust, type TrustVerdict } from './trust/evaluate-trust.ts';
export { loadTrust } from './trust/load-trust.ts';
export type { Trust, TrustFile } from './trust/trust.ts';

// Check a change

export type { Change, ChangeOptions, ChangeReport, RepositoryState } from './change/change.ts';
export { checkChange } from './change/check-change.ts';
