/** Words and turns that a reader in a hurry stumbles over, and what to write instead. */
export const oldWords: readonly (readonly [RegExp, string])[] = [
  [/«|»/, '"…" in text, `code` for names'],
  [/\bnot to be had\b/i, 'could not serve it, is not available'],
  [/\bno longer to be verified\b/i, 'no longer verifies'],
  [/\bthe time given\b.*\bwas over\b/i, '`timeout` reached'],
  [/\bneither read on nor\b/i, 'made no progress'],
  [/\bhas no room for\b/i, 'is too long for'],
  [/\bis on or absent\b/i, 'is a switch'],
  [/\btaking over from\b.*\bwhat you did not say\b/i, 'reusing the rest from'],
  [/\bnothing is half there\b/i, 'nothing was stored'],
  [/\bso not looked at\b/i, 'ignored'],
  [/\bare taken as they come\b/i, 'no base to compare with'],
  [/\bleft alone after failures\b/i, 'paused after failures'],
  [/\bwhere (it|this) is empty\b/i, 'default: …'],
  [/\bno longer than the target takes to accept\b/i, 'return once accepted'],
  [/\bunless said otherwise\b/i, 'default: …'],
  [/\bis no (manifest|name|option|number|project|CID|key|address|folder|file)\b/i, 'is not a …'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bto be told of\b|\bsaid of\b/i, 'say what happens to what'],
  [/\bVERB\b/, 'COMMAND'],
];

/** Folders that are still to be read with a stranger's eye. May only get shorter. */
export const exemptFolders: readonly string[] = [
  'actions/pin-on-merge/',
  'actions/validate-manifests/',
  'docs/exit-codes.md',
  'docs/json.md',
  'packages/action-kit/',
  'packages/cli/',
  'packages/manifest/',
  'packages/pinning/',
  'packages/repository/',
  'packages/testkit/',
];
