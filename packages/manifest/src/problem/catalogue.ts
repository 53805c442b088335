import type { Problem } from './problem.ts';

export interface ProblemEntry {
  readonly severity: Problem['severity'];
  /** What it means. */
  readonly meaning: string;
  /** What to do. */
  readonly fix: string;
}

const error = (meaning: string, fix: string): ProblemEntry => ({ severity: 'error', meaning, fix });
const warning = (meaning: string, fix: string): ProblemEntry => ({ severity: 'warning', meaning, fix });

/** Every problem code of this package. `docs/problems.md` is generated from it. */
export const problemCatalogue = {
  'json/too-large': error(
    'The file is larger than the limit.',
    'Split the dataset, or raise the limit where the reader is called.',
  ),
  'json/byte-order-mark': error(
    'The file begins with a byte order mark.',
    'Save it as UTF-8 without a byte order mark.',
  ),
  'json/not-utf-8': error('A byte is not valid UTF-8.', 'Save the file as UTF-8.'),
  'json/too-deep': error(
    'Objects and arrays are nested too deeply for a manifest or policy.',
    'Remove the nesting.',
  ),
  'json/syntax': error(
    'The text is not JSON.',
    'Fix it at the line and column shown. JSON has no comments and no trailing commas.',
  ),
  'json/duplicate-key': error(
    'An object has one key twice, so that two readers could see two documents.',
    'Remove one of the two.',
  ),
  'json/number-form': error(
    'A number is not written as a plain integer: it has a fraction, an exponent or a minus before zero.',
    'Write the integer in digits alone.',
  ),
  'json/lone-surrogate': error(
    'A string has half of a surrogate pair, which is not a character.',
    'Write the whole character, or remove the escape.',
  ),
  'json/more-problems': error(
    'There are more problems than are listed.',
    'Correct those listed and check again.',
  ),
  'list/not-canonical': error(
    'A line of a file list is not exactly as RFC 8785 writes it, so that one list would have two hashes.',
    'Let `holdfast create` write the list; edit the data, never the list.',
  ),
  'list/line-too-long': error(
    'A line of a file list is longer than any file takes.',
    'Let `holdfast create` write the list.',
  ),
  'list/unfinished-line': error(
    'The last line of a file list does not end with a line feed.',
    'Put back the whole list: it was cut, or edited by hand.',
  ),
  'list/wrong-size': error(
    'A file list is longer or shorter than its manifest says.',
    'Put back the list that was signed, or create the manifest again from the data.',
  ),
  'list/wrong-count': error(
    'A file list has more or fewer files than its manifest says.',
    'Put back the list that was signed, or create the manifest again from the data.',
  ),
  'list/wrong-sha256': error(
    'The bytes of a file list are not those that were signed.',
    'Put back the list that was signed, or create the manifest again from the data.',
  ),
  'list/too-large': error(
    'A file list has more bytes, or more files, than the policy allows.',
    'Split the dataset, or raise `fileLists` of the policy in a pull request of its own.',
  ),
  'list/too-large-for-git': error(
    'A file list beside its manifest is larger than the policy allows in Git.',
    'Remove the list from Git, and run `holdfast publish`: it is then read from IPFS.',
  ),
  'list/too-deep': error(
    'A path of a file list has more folders than the policy allows.',
    'Flatten the folders, or raise `fileLists.depth` of the policy in a pull request of its own.',
  ),
  'list/missing': error(
    'The list of files that a manifest names is not beside it, and no gateway served it.',
    'Commit the `.files.jsonl` file beside the manifest, or run `holdfast publish` so that gateways have it.',
  ),
  'manifest/two-lists': error(
    'A manifest lists its files and also names a list.',
    'Keep one of the two: run `holdfast create` again and sign.',
  ),
  'manifest/missing-field': error('A required field is missing.', 'Add it.'),
  'manifest/unknown-field': error(
    'A field is not part of the format.',
    'Correct its spelling, or move it to `metadata` under a reverse-DNS key.',
  ),
  'manifest/wrong-type': error(
    'A field has a value of the wrong type.',
    'Write a value of the expected type.',
  ),
  'manifest/invalid-value': error('A value breaks the rule of its field.', 'Write it as the message says.'),
  'manifest/invalid-cid': error(
    'A CID is not a CIDv1 in its one canonical spelling, or uses a codec or hash that is not accepted.',
    'Write the CID that `holdfast create` gives; `ipfs cid base32` converts a CIDv0.',
  ),
  'manifest/invalid-path': error(
    'A file path is not a relative POSIX path in NFC that is safe everywhere.',
    'Rename the file and create the manifest again.',
  ),
  'manifest/duplicate-path': error(
    'Two paths are the same, or the same on a file system that ignores case.',
    'Rename one of the files and create the manifest again.',
  ),
  'manifest/path-conflict': error(
    'A path is a file and a folder at once.',
    'Rename one of them and create the manifest again.',
  ),
  'manifest/unsorted-files': error(
    '`files` is not sorted by path.',
    'Run `holdfast create` again, or sort by the bytes of the paths in UTF-8, and sign again.',
  ),
  'manifest/wrong-total-size': error(
    '`totalSize` is not the sum of the sizes.',
    'Write the sum from the message and sign again.',
  ),
  'manifest/expires-before-created': error('`expires` is not after `created`.', 'Correct one of them.'),
  'manifest/duplicate-signature': error('One key has two signatures.', 'Keep one of them.'),
  'manifest/missing-license': warning(
    'The dataset names no license, so nobody knows whether they may use it.',
    'Add `license`, an SPDX expression such as CC-BY-4.0.',
  ),
  'manifest/custom-profile': warning(
    'The profile is `custom`: the root cannot be proved from the list of files.',
    'Create the manifest under `unixfs-v1-2025` where you can.',
  ),
  'proof/wrong-file-cid': error(
    'The SHA-256 in the CID of a single-block file differs from the one in the manifest.',
    'Run `holdfast create` on the files again and sign.',
  ),
  'proof/wrong-file-form': error(
    'The CID of a file does not have the form that the profile gives a file of this size.',
    'Run `holdfast create` on the files again, or name the profile that built the CIDs.',
  ),
  'proof/wrong-root': error(
    'The list of files does not make the root CID.',
    'Run `holdfast create` on the files again and sign.',
  ),
  'merge/not-equal': error(
    'Two sides of a merge differ in more than signatures.',
    'Choose one side, then sign it again.',
  ),
  'proof/wrong-content': error(
    'The content differs from what the manifest lists.',
    'Restore the files, or publish what is there as a new version with `holdfast create`.',
  ),
  'key/unsupported-type': error(
    'The key is not an Ed25519 key.',
    'Use an Ed25519 key: `holdfast keygen` or `ssh-keygen -t ed25519`.',
  ),
  'key/malformed': error(
    'The text is not a key in a supported form.',
    'Write the key as an OpenSSH line, SPKI PEM, or the base64 of 32 bytes.',
  ),
  'key/not-strict': error(
    'The public key is of small order, has torsion, or is not in its one encoding: signatures by it prove nothing.',
    'Generate another key.',
  ),
  'key/unused-file': warning(
    'A file in the folder of public keys is neither a `.pub` file nor the policy.',
    'Remove it, or give it the ending `.pub`.',
  ),
  'key/two-signers': error(
    'One key belongs to two signers, so one person could count as two.',
    'Give each signer keys of their own.',
  ),
  'policy/missing-field': error('A required field of the policy is missing.', 'Add it.'),
  'policy/unknown-field': error(
    'A field is not part of the policy format.',
    'Correct its spelling or remove it.',
  ),
  'policy/wrong-type': error(
    'A field of the policy has a value of the wrong type.',
    'Write a value of the expected type.',
  ),
  'policy/invalid-value': error('A value breaks the rule of its field.', 'Write it as the message says.'),
  'policy/unknown-signer': error(
    'A rule or the root names a signer that the policy does not define.',
    'Define the signer or correct the name.',
  ),
  'policy/unknown-key-file': error(
    'A signer names a key file that is not in the folder.',
    'Add the file or correct the name.',
  ),
  'policy/wrong-keyid': error(
    'A key file does not hold the key that the policy lists.',
    'Restore the key file, or list the new fingerprint and sign the policy.',
  ),
  'policy/keys-not-bound': warning(
    'The policy has a root but does not list the fingerprints of a signer, so the signatures of the root do not cover these key files.',
    'Add `keyids` to the signer, in the order of `keys`.',
  ),
  'policy/unreachable-threshold': error(
    'A threshold is larger than the number of its signers.',
    'Lower it or add signers.',
  ),
  'policy/duplicate-signature': error('One key has two signatures on the policy.', 'Keep one of them.'),
  'policy/narrow-pattern': warning(
    'A pattern of a rule names one file without an ending: for the files in a folder it needs `/**`.',
    'Write the folder with `/**` after it, or the whole path of the file.',
  ),
  'policy/unreachable-rule': warning(
    'An earlier rule matches every path of this one. The first rule that matches decides, so this one never does.',
    'Put the narrower rule before the wider one.',
  ),
  'policy/duplicate-revocation': error(
    'One key is revoked twice, so it is unclear since when.',
    'Keep the entry with the earlier `since`, or the one without.',
  ),
  'policy/duplicate-name': error(
    'Two datasets have the same IPNS name, which can point to one of them only.',
    'Create a key for each with `holdfast name key`.',
  ),
  'policy/name-of-signer': error(
    'The key of an IPNS name is also the key of a signer. The machine that publishes the name could then sign manifests.',
    'Create a key for the name alone with `holdfast name key`.',
  ),
  'policy/no-signers': error(
    'There is no public key and no policy, so nobody may sign.',
    'Add `public-keys/<name>.pub` in a pull request of its own: `holdfast keygen` makes one.',
  ),
  'targets/missing-field': error('A required field of the targets file is missing.', 'Add it.'),
  'targets/unknown-field': error(
    'A field is not part of the format of targets.',
    'Correct its spelling or remove it.',
  ),
  'targets/wrong-type': error(
    'A field of the targets file has a value of the wrong type.',
    'Write a value of the expected type.',
  ),
  'targets/invalid-value': error(
    'A value of the targets file breaks the rule of its field.',
    'Write it as the message says.',
  ),
  'targets/duplicate-name': error('Two targets have the same name.', 'Rename one of them.'),
  'targets/unknown-default': error(
    'The default names a target that the file does not have.',
    'Correct its spelling or add the target.',
  ),
  'targets/not-for-a-project': error(
    'The targets file of a repository asks for something that only the file of a person may: a default, or a variable of the environment that may hold another secret.',
    'Move the target to the file in your own configuration folder, or name the variable HOLDFAST_….',
  ),
  'signature/malformed': error(
    'A signature does not have the form that its `format` asks for.',
    'Sign again: `holdfast sign`.',
  ),
  'signature/invalid': error(
    'A signature does not verify: the content changed after signing.',
    'Sign again: `holdfast sign`.',
  ),
  'signature/keyid-mismatch': error(
    'The key inside an sshsig differs from `keyid`.',
    'Sign again: `holdfast sign`.',
  ),
  'trust/unknown-key': error(
    'A signature is by a key that no signer has.',
    'Add the key to `public-keys/` in a pull request of its own, or sign with a known key.',
  ),
  'trust/revoked-key': error(
    'A signature is by a key that was revoked; it counts for nothing.',
    'Sign again with another key, or remove the signature where enough others have signed.',
  ),
  'trust/outside-validity': error(
    'A signature is by a signer outside their validity window; it does not count.',
    'Have another signer sign, or extend the window in the policy.',
  ),
  'trust/not-in-rule': warning(
    'A signature is by a signer whom the rule for this path does not name; it does not count.',
    'Have a signer of the rule sign.',
  ),
  'trust/not-enough-signers': error(
    'Fewer signers of the rule have signed than it needs.',
    'Have the missing signers run `holdfast sign`.',
  ),
  'trust/no-rule': error(
    'No rule of the policy matches the path of the manifest.',
    'Move the manifest, or add a rule in a pull request of its own.',
  ),
  'trust/tier-not-granted': error(
    'The rule does not grant the tier that the manifest asks for.',
    'Ask for a tier of the rule, or change the policy in a pull request of its own.',
  ),
  'trust/size-not-granted': error(
    'The dataset is larger than the rule grants.',
    'Make it smaller, or change the policy in a pull request of its own.',
  ),
  'trust/other-rule': error(
    'The latest merged version of the dataset is under another rule, whose signers have not signed this one.',
    'Put the manifest beside the versions before it, or have the signers of that rule sign it as well.',
  ),
  'trust/unusable-policy': error(
    'The keys or the policy in force have errors, so nothing can be trusted.',
    'Correct `public-keys/` first.',
  ),
  'change/keys-and-manifests': error(
    'One change touches both public keys and manifests.',
    'Split it into two pull requests.',
  ),
  'change/duplicate-version': error(
    'Two manifests have the same name and version.',
    'Give the new one another version.',
  ),
  'change/content-changed': error('The content of a merged version changed.', 'Publish it as a new version.'),
  'change/identity-changed': error(
    'A merged manifest took another name or version.',
    'Keep it, and add the new version as a file of its own.',
  ),
  'change/wrong-revision': error(
    'A merged version changed without taking the next revision.',
    '`holdfast revise` takes the next number; then sign again.',
  ),
  'change/deleted': error(
    'A manifest was deleted instead of being withdrawn.',
    'Put it back. To take the dataset out: `holdfast revise <manifest> --withdraw "<reason>"`, then sign.',
  ),
  'change/tombstone-deleted': error(
    'The tombstone of a withdrawn version was deleted.',
    'Put it back: as long as it is there, no old copy of the manifest can return.',
  ),
  'change/renamed': error('A manifest was renamed.', 'Keep the path; it decides which rule applies.'),
  'change/revived': error('A withdrawn version is no longer withdrawn.', 'Publish it as a new version.'),
  'change/wrong-repository': error(
    'The manifest is for another repository.',
    'Set `repository` to this one and sign again.',
  ),
  'change/wrong-previous': error(
    '`previous` does not match the manifest of that version on the base branch.',
    'Correct `previous`: `holdfast inspect` prints the digest.',
  ),
  'change/first-revision': warning(
    'A new version does not begin with revision 1.',
    'Set `revision` to 1 and sign again.',
  ),
  'change/already-expired': warning(
    '`expires` has already passed.',
    'Set a later time or remove it, and sign again.',
  ),
  'change/created-in-future': warning(
    '`created` is later than now.',
    'Check the clock of the machine that made the manifest.',
  ),
  'change/backport': warning('The new version is below the latest one.', 'Nothing, if a backport is meant.'),
  'change/invalid-base': warning(
    'The file on the base branch is not a valid manifest, so the new one is judged as an addition.',
    'Nothing, if the change repairs it.',
  ),
  'change/policy-version': error(
    'The policy has a root, and `public-keys/` changed without `version` taking the next number.',
    'Set `policy.version` to the next number and have the root signers sign.',
  ),
  'change/policy-not-signed': error(
    'The policy has a root, and too few of its signers have signed the new policy.',
    'Have the missing signers of the root run `holdfast sign` on the policy.',
  ),
  'change/policy-removed': error(
    'A policy with a root was removed or lost its root without the signatures that this needs.',
    'Keep the root, or sign the policy without it under the old root.',
  ),
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof problemCatalogue;
