/**
 * What the other packages of this workspace use besides the public API. Outside SemVer: a patch release may change or remove any of it.
 *
 * @module
 */
export type { ReadManifest } from './change/change.ts';
export { fallenLine } from './change/fallen-manifests.ts';
export { type JudgeOptions, judgeManifests } from './change/judge-manifests.ts';
export type { ManifestFile, ManifestIdentity } from './change/manifest-index.ts';
export { bringsContent, publishCommand, unservedProblem } from './change/new-content.ts';
export { type PlannedStep, pinCost, plannedPins } from './change/pin-cost.ts';
export { explainTrust, type TrustExplanation, warningLines } from './change/trust-explanation.ts';
export { fromBase64, toBase64 } from './crypto/base64.ts';
export { toHex } from './crypto/hex.ts';
export type { ChangeCounts, FileCount } from './file-list/change-counts.ts';
export { ContentSet } from './file-list/content-set.ts';
export { inlineFiles } from './file-list/dataset-files.ts';
export type { FolderSummary } from './file-list/folder-summary.ts';
export { compareFiles, type FileChange, type Files } from './file-list/list-difference.ts';
export {
  FileListReader,
  type ListClaims,
  type ListReaderOptions,
  type ListVerdict,
} from './file-list/list-reader.ts';
export { isFileListPath } from './file-list/list-source.ts';
export {
  type ListSummary,
  type SummarizedFile,
  type SummaryOptions,
  summarizeFiles,
} from './file-list/list-summary.ts';
export { NewBytes } from './file-list/new-bytes.ts';
export { tooLarge } from './json/read-document.ts';
export {
  manifestSchemaAddress,
  policySchemaAddress,
  targetsSchemaAddress,
} from './json/schema-address.ts';
export { encodePrivateKey } from './keys/private-key-file.ts';
export { formatSpki, parsePublicKeys } from './keys/public-key.ts';
export { cidV1, parseCid, rawCid } from './manifest/cid.ts';
export { fieldOrder, inReadingOrder } from './manifest/field-order.ts';
export { fileListFormat } from './manifest/file-list.ts';
export type { InlineDataset, ListedDataset } from './manifest/manifest.ts';
export { compareVersions } from './manifest/version.ts';
export { globMatcher } from './policy/glob.ts';
export { ipnsNameOf } from './policy/ipns-name.ts';
export { defaultListLimits, type ListLimits } from './policy/list-limits.ts';
export { patternFaults } from './policy/patterns.ts';
export { type DescribedProblem, type ProblemEntry, problemCatalogue } from './problem/catalogue.ts';
export { problemMeanings } from './problem/meanings.ts';
export { problem } from './problem/problem-draft.ts';
export { preAuthEncoding } from './signing/payload.ts';
export { addSignature } from './signing/sign.ts';
export { signPolicyUnchecked, signUnchecked } from './signing/sign-unchecked.ts';
export { armorSshSignature } from './signing/sshsig.ts';
export {
  type LeftOut,
  type Sides,
  signsTheSame,
  type United,
  uniteSignatures,
} from './signing/unite-signatures.ts';
export { verifyPolicy } from './signing/verify.ts';
export { parseTargets } from './targets/parse-targets.ts';
export { parseProjectTargets, placesWithRegions } from './targets/project-targets.ts';
export { type RolloutRules, TargetPlace, TargetsFile } from './targets/targets-file.ts';
export { formatByteSize } from './text/byte-size.ts';
export { evaluateTrustAsync, tierCopies } from './trust/evaluate-trust.ts';
