import type { Problem } from './problem.ts';

/** What a problem needs at run time; `problemMeanings` has the rest, for pages. */
export interface ProblemEntry {
  readonly severity: Problem['severity'];
  /** What to do. */
  readonly fix: string;
}

/** With what it means, for packages whose few problems are in one place. */
export interface DescribedProblem extends ProblemEntry {
  readonly meaning: string;
}

const error = (fix: string): ProblemEntry => ({ severity: 'error', fix });
const warning = (fix: string): ProblemEntry => ({ severity: 'warning', fix });

/** Every problem code of this package. `docs/problems.md` is generated from it. */
export const problemCatalogue = {
  'json/too-large': error('Split the dataset, or raise the limit where the reader is called.'),
  'json/byte-order-mark': error('Save it as UTF-8 without a byte order mark.'),
  'json/not-utf-8': error('Save the file as UTF-8.'),
  'json/too-deep': error('Remove the nesting.'),
  'json/syntax': error('Fix it at the line and column shown. JSON has no comments and no trailing commas.'),
  'json/duplicate-key': error('Remove one of the two.'),
  'json/number-form': error('Write the integer in digits alone.'),
  'json/lone-surrogate': error('Write the whole character, or remove the escape.'),
  'json/more-problems': error('Correct those listed and check again.'),
  'list/not-canonical': error('Let `holdfast create` write the list; edit the data, never the list.'),
  'list/line-too-long': error('Let `holdfast create` write the list.'),
  'list/unfinished-line': error('Put back the whole list: it was cut, or edited by hand.'),
  'list/wrong-size': error('Put back the list that was signed, or create the manifest again from the data.'),
  'list/wrong-count': error('Put back the list that was signed, or create the manifest again from the data.'),
  'list/wrong-sha256': error(
    'Put back the list that was signed, or create the manifest again from the data.',
  ),
  'list/too-large': error(
    'Split the dataset, or raise `fileLists` of the policy in a pull request of its own.',
  ),
  'list/too-large-for-git': error(
    'Remove the list from Git, and run `holdfast publish`: it is then read from IPFS.',
  ),
  'list/too-deep': error(
    'Flatten the folders, or raise `fileLists.depth` of the policy in a pull request of its own.',
  ),
  'list/missing': error(
    'Commit the `.files.jsonl` file beside the manifest, or run `holdfast publish` so that gateways have it.',
  ),
  'manifest/two-lists': error('Keep one of the two: run `holdfast create` again and sign.'),
  'manifest/missing-field': error('Add it.'),
  'manifest/unknown-field': error('Correct its spelling, or move it to `metadata` under a reverse-DNS key.'),
  'manifest/wrong-type': error('Write a value of the expected type.'),
  'manifest/invalid-value': error('Write it as the message says.'),
  'manifest/invalid-cid': error(
    'Write the CID that `holdfast create` gives; `ipfs cid base32` converts a CIDv0.',
  ),
  'manifest/invalid-path': error('Rename the file and create the manifest again.'),
  'manifest/duplicate-path': error('Rename one of the files and create the manifest again.'),
  'manifest/path-conflict': error('Rename one of them and create the manifest again.'),
  'manifest/unsorted-files': error(
    'Run `holdfast create` again, or sort by the bytes of the paths in UTF-8, and sign again.',
  ),
  'manifest/wrong-total-size': error('Write the sum from the message and sign again.'),
  'manifest/expires-before-created': error('Correct one of them.'),
  'manifest/duplicate-signature': error('Keep one of them.'),
  'manifest/missing-license': warning('Add `license`, an SPDX expression such as CC-BY-4.0.'),
  'manifest/custom-profile': warning('Create the manifest under `unixfs-v1-2025` where you can.'),
  'proof/wrong-file-cid': error('Run `holdfast create` on the files again and sign.'),
  'proof/wrong-file-form': error(
    'Run `holdfast create` on the files again, or name the profile that built the CIDs.',
  ),
  'proof/wrong-root': error('Run `holdfast create` on the files again and sign.'),
  'merge/not-equal': error('Choose one side, then sign it again.'),
  'proof/wrong-content': error(
    'Restore the files, or publish what is there as a new version with `holdfast create`.',
  ),
  'key/unsupported-type': error('Use an Ed25519 key: `holdfast keygen` or `ssh-keygen -t ed25519`.'),
  'key/malformed': error('Write the key as an OpenSSH line, SPKI PEM, or the base64 of 32 bytes.'),
  'key/not-strict': error('Generate another key.'),
  'key/unused-file': warning('Remove it, or give it the ending `.pub`.'),
  'key/two-signers': error('Give each signer keys of their own.'),
  'policy/missing-field': error('Add it.'),
  'policy/unknown-field': error('Correct its spelling or remove it.'),
  'policy/wrong-type': error('Write a value of the expected type.'),
  'policy/invalid-value': error('Write it as the message says.'),
  'policy/unknown-signer': error('Define the signer or correct the name.'),
  'policy/unknown-key-file': error('Add the file or correct the name.'),
  'policy/wrong-keyid': error('Restore the key file, or list the new fingerprint and sign the policy.'),
  'policy/keys-not-bound': warning('Add `keyids` to the signer, in the order of `keys`.'),
  'policy/unreachable-threshold': error('Lower it or add signers.'),
  'policy/duplicate-signature': error('Keep one of them.'),
  'policy/narrow-pattern': warning('Write the folder with `/**` after it, or the whole path of the file.'),
  'policy/unreachable-rule': warning('Put the narrower rule before the wider one.'),
  'policy/duplicate-revocation': error('Keep the entry with the earlier `since`, or the one without.'),
  'policy/duplicate-name': error('Create a key for each with `holdfast name key`.'),
  'policy/name-of-signer': error('Create a key for the name alone with `holdfast name key`.'),
  'policy/no-signers': error(
    'Add `public-keys/<name>.pub` in a pull request of its own: `holdfast keygen` makes one.',
  ),
  'targets/missing-field': error('Add it.'),
  'targets/unknown-field': error('Correct its spelling or remove it.'),
  'targets/wrong-type': error('Write a value of the expected type.'),
  'targets/invalid-value': error('Write it as the message says.'),
  'targets/duplicate-name': error('Rename one of them.'),
  'targets/unknown-default': error('Correct its spelling or add the target.'),
  'targets/unknown-target': error('Correct its spelling or add the target.'),
  'targets/unknown-phase': error('Correct its spelling or add the phase.'),
  'targets/two-regions': error('Leave it in one of them.'),
  'targets/quorum-too-high': error('Lower the quorum, or add targets to the region.'),
  'targets/not-for-a-project': error(
    'Move the target to the file in your own configuration folder, or name the variable HOLDFAST_….',
  ),
  'signature/malformed': error('Sign again: `holdfast sign`.'),
  'signature/invalid': error('Sign again: `holdfast sign`.'),
  'signature/keyid-mismatch': error('Sign again: `holdfast sign`.'),
  'trust/unknown-key': error(
    'Add the key to `public-keys/` in a pull request of its own, or sign with a known key.',
  ),
  'trust/revoked-key': error(
    'Sign again with another key, or remove the signature where enough others have signed.',
  ),
  'trust/outside-validity': error('Have another signer sign, or extend the window in the policy.'),
  'trust/not-in-rule': warning('Have a signer of the rule sign.'),
  'trust/not-enough-signers': error('Have the missing signers run `holdfast sign`.'),
  'trust/no-rule': error('Move the manifest, or add a rule in a pull request of its own.'),
  'trust/tier-not-granted': error(
    'Ask for a tier of the rule, or change the policy in a pull request of its own.',
  ),
  'trust/size-not-granted': error('Make it smaller, or change the policy in a pull request of its own.'),
  'trust/other-rule': error(
    'Put the manifest beside the versions before it, or have the signers of that rule sign it as well.',
  ),
  'trust/unusable-policy': error('Correct `public-keys/` first.'),
  'change/keys-and-manifests': error('Split it into two pull requests.'),
  'change/duplicate-version': error('Give the new one another version.'),
  'change/content-changed': error('Publish it as a new version.'),
  'change/identity-changed': error('Keep it, and add the new version as a file of its own.'),
  'change/wrong-revision': error('`holdfast revise` takes the next number; then sign again.'),
  'change/deleted': error(
    'Put it back. To take the dataset out: `holdfast revise <manifest> --withdraw "<reason>"`, then sign.',
  ),
  'change/tombstone-deleted': error(
    'Put it back: as long as it is there, no old copy of the manifest can return.',
  ),
  'change/renamed': error('Keep the path; it decides which rule applies.'),
  'change/revived': error('Publish it as a new version.'),
  'change/wrong-repository': error('Set `repository` to this one and sign again.'),
  'change/wrong-previous': error('Correct `previous`: `holdfast inspect` prints the digest.'),
  'change/first-revision': warning('Set `revision` to 1 and sign again.'),
  'change/already-expired': warning('Set a later time or remove it, and sign again.'),
  'change/created-in-future': warning('Check the clock of the machine that made the manifest.'),
  'change/backport': warning('Nothing, if a backport is meant.'),
  'change/invalid-base': warning('Nothing, if the change repairs it.'),
  'change/policy-version': error('Set `policy.version` to the next number and have the root signers sign.'),
  'change/policy-not-signed': error(
    'Have the missing signers of the root run `holdfast sign` on the policy.',
  ),
  'change/policy-removed': error('Keep the root, or sign the policy without it under the old root.'),
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof problemCatalogue;
