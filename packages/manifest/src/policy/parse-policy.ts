import { quickCheck } from '../json/quick-check.ts';
import { type Document, type ReadManifestOptions, readDocument } from '../json/read-document.ts';
import { rememberSource } from '../json/source.ts';
import { expectBytes } from '../text/argument.ts';
import { PolicyDocument } from './policy.ts';
import { policyRules } from './policy-rules.ts';

const kind = {
  area: 'policy',
  schema: PolicyDocument,
  accepts: quickCheck(PolicyDocument),
  rules: policyRules,
} as const;

/**
 * `policy.json` from its bytes, or all its problems. `loadTrust` checks that its keys exist.
 *
 * @example
 * ```ts
 * const read = parsePolicy(policyBytes, { file: 'public-keys/policy.json' });
 * read.ok && read.value.policy.version; // => 1
 * ```
 */
export function parsePolicy(bytes: Uint8Array, options: ReadManifestOptions = {}): Document<PolicyDocument> {
  expectBytes('parsePolicy', bytes);
  const read = readDocument<PolicyDocument>(bytes, kind, options);
  if (read.ok) rememberSource(read.value.policy, { file: options.file, locate: read.locate });
  return read;
}
