export type { Change, ChangeOptions, ChangeReport, ReadManifest, RepositoryState } from './change/change.ts';
export { checkChange } from './change/check-change.ts';
export type { ManifestFile, ManifestIdentity } from './change/manifest-index.ts';
export { fromBase64, toBase64 } from './crypto/base64.ts';
export { isStrictPublicKey, verifyEd25519 } from './crypto/ed25519.ts';
export { sha256 } from './crypto/hash.ts';
export { toHex } from './crypto/hex.ts';
export { ManifestError, type ManifestErrorCode } from './error.ts';
export { canonicalize } from './json/canonical.ts';
export type { ReadOptions } from './json/read-document.ts';
export { manifestSchemaAddress, policySchemaAddress } from './json/schema-address.ts';
export type { SourceLocation } from './json/source-locations.ts';
export { keyId } from './keys/key-id.ts';
export { generateKey, PrivateKey, type RandomBytes } from './keys/private-key.ts';
export { type EncodeOptions, encodePrivateKey, parsePrivateKey } from './keys/private-key-file.ts';
export {
  formatPublicKey,
  formatSpki,
  type PublicKey,
  parsePublicKey,
  parsePublicKeys,
} from './keys/public-key.ts';
export { type CidParts, cidV1, encodeCid, parseCid, rawCid } from './manifest/cid.ts';
export { manifestDigest } from './manifest/digest.ts';
export { comparePaths } from './manifest/file-path.ts';
export { Dataset, DatasetFile, Manifest, Profile, Tier } from './manifest/manifest.ts';
export { type ListedFile, proveFiles, type RootBuilder } from './manifest/prove-files.ts';
export { type ReadResult, readManifest } from './manifest/read-manifest.ts';
export { Signature } from './manifest/signature.ts';
export { compareVersions } from './manifest/version.ts';
export { globMatcher } from './policy/glob.ts';
export { parsePolicy } from './policy/parse-policy.ts';
export { Policy, PolicyDocument } from './policy/policy.ts';
export { defaultTiers, type TierCopies } from './policy/tiers.ts';
export { type ProblemCode, type ProblemEntry, problemCatalogue } from './problem/catalogue.ts';
export type { Problem } from './problem/problem.ts';
export { hasErrors, type ProblemDraft, problem } from './problem/problem-draft.ts';
export { preAuthEncoding, type SignatureFormat, signingPayload } from './signing/payload.ts';
export { addSignature, importSshSignature, type Signer, signManifest, signPolicy } from './signing/sign.ts';
export { armorSshSignature } from './signing/sshsig.ts';
export { type SignatureVerdict, verifyManifest, verifyPolicy } from './signing/verify.ts';
export { formatByteSize, parseByteSize } from './text/byte-size.ts';
export { escapeText } from './text/display.ts';
export {
  evaluateTrust,
  evaluateTrustAsync,
  type JudgedManifest,
  type TrustVerdict,
  tierCopies,
} from './trust/evaluate-trust.ts';
export { loadTrust } from './trust/load-trust.ts';
export type { Revocation, Trust, TrustFile, TrustRule, TrustSigner, TrustTime } from './trust/trust.ts';
