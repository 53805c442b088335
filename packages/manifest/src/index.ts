// Read

// Check a change
export type { Change, ChangeOptions, ChangeReport, RepositoryState } from './change/change.ts';
export { checkChange } from './change/check-change.ts';
// Verify
export { verifyEd25519 } from './crypto/ed25519.ts';
// Identify
export { sha256 } from './crypto/hash.ts';
export { ManifestError, type ManifestErrorCode } from './error.ts';
export { canonicalize } from './json/canonical.ts';
export type { ReadOptions } from './json/read-document.ts';
export type { SourceLocation } from './json/source-locations.ts';
// Keys
export { keyId } from './keys/key-id.ts';
export { generateKey, PrivateKey } from './keys/private-key.ts';
export { parsePrivateKey } from './keys/private-key-file.ts';
export { formatPublicKey, type PublicKey, parsePublicKey } from './keys/public-key.ts';
export { manifestDigest } from './manifest/digest.ts';
export { Dataset, DatasetFile, Manifest, Profile, Tier } from './manifest/manifest.ts';
export { proveFiles, type RootBuilder } from './manifest/prove-files.ts';
export { type ReadResult, readManifest } from './manifest/read-manifest.ts';
// Sign
export { Signature } from './manifest/signature.ts';
// Trust
export { parsePolicy } from './policy/parse-policy.ts';
export { Policy, PolicyDocument } from './policy/policy.ts';
export { defaultTiers, type TierCopies } from './policy/tiers.ts';
export type { Problem } from './problem/problem.ts';
export { hasErrors } from './problem/problem-draft.ts';
export { signingPayload } from './signing/payload.ts';
export { importSshSignature, type Signer, signManifest, signPolicy } from './signing/sign.ts';
export { type SignatureVerdict, verifyManifest } from './signing/verify.ts';
export { evaluateTrust, type TrustVerdict } from './trust/evaluate-trust.ts';
export { loadTrust } from './trust/load-trust.ts';
export type { Trust, TrustFile } from './trust/trust.ts';
