import { utf8 } from '../crypto/bytes.ts';
import { ManifestError } from '../error.ts';
import { wasRead } from '../manifest/digest.ts';
import { formatManifest } from '../manifest/format-manifest.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import type { Problem } from '../problem/problem.ts';

// A document passes the reader before it is signed: nobody signs what every reader refuses.

const anySize = { maxBytes: Number.POSITIVE_INFINITY };

/** The manifest as a reader returns it. Throws `manifest/invalid` with the problems. */
export function validManifest(manifest: Manifest): Manifest {
  if (wasRead(manifest)) return manifest;
  const read = readManifest(utf8(formatManifest(manifest)), anySize);
  if (!read.ok) throw invalid('manifest', read.problems);
  return read.manifest;
}

export function validPolicy(document: PolicyDocument): PolicyDocument {
  const read = parsePolicy(utf8(formatManifest(document)), anySize);
  if (!read.ok) throw invalid('policy', read.problems);
  return read.value;
}

function invalid(what: 'manifest' | 'policy', problems: readonly Problem[]): ManifestError {
  const [first, ...more] = problems.filter(({ severity }) => severity === 'error');
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const message = `the ${what} is not valid and was not signed: ${first?.path || 'the document'}: ${first?.message}${others}`;
  return new ManifestError(`${what}/invalid`, message, { hint: first?.hint, problems });
}
