import { ManifestError } from '../error.ts';
import { decodeText } from '../json/decode-text.ts';
import { type PublicKey, parsePublicKeys } from '../keys/public-key.ts';
import type { Problem } from '../problem/problem.ts';
import { type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';
import type { TrustFile } from './trust.ts';

export const policyFile = 'policy.json';

/** The keys of each `.pub` file, by its path; what cannot be read is a problem. */
export function readKeyFiles(
  files: readonly TrustFile[],
  nameOf: (path: string) => string,
  problems: Problem[],
): Map<string, readonly PublicKey[]> {
  const keyFiles = new Map<string, readonly PublicKey[]>();
  for (const { path, bytes } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const file = nameOf(path);
    if (path === policyFile || /(^|\/)(README(\.\w+)?|\.gitkeep|\.gitattributes)$/.test(path)) continue;
    if (!path.endsWith('.pub') || path.includes('/')) {
      problems.push(
        problem({ code: 'key/unused-file', message: `${show(path)} is not a key file` }, { file }),
      );
      continue;
    }
    const decoded = bytes.length > 64 * 1024 ? undefined : decodeText(bytes);
    if (decoded?.ok !== true) {
      problems.push(
        problem({ code: 'key/malformed', message: `${show(path)} is not text of at most 64 kB` }, { file }),
      );
      continue;
    }
    try {
      const keys = parsePublicKeys(decoded.text);
      if (keys.length === 0) throw new ManifestError('key/malformed', 'the file holds no key');
      keyFiles.set(path, keys);
    } catch (cause) {
      problems.push(problem(draftOf(cause), { file }));
    }
  }
  return keyFiles;
}

function draftOf(cause: unknown): ProblemDraft {
  if (!(cause instanceof ManifestError)) throw cause;
  const code =
    cause.code === 'key/unsupported-type' || cause.code === 'key/not-strict' ? cause.code : 'key/malformed';
  return { code, message: cause.message, ...(cause.hint !== undefined && { hint: cause.hint }) };
}
