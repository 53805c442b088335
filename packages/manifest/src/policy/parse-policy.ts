import { quickCheck } from '../json/quick-check.ts';
import { type Document, type ReadOptions, readDocument } from '../json/read-document.ts';
import { PolicyDocument } from './policy.ts';
import { policyRules } from './policy-rules.ts';

const kind = {
  area: 'policy',
  schema: PolicyDocument,
  accepts: quickCheck(PolicyDocument),
  rules: policyRules,
} as const;

/** `policy.json` from its bytes, or every problem of them. Whether its keys exist is for `loadTrust`. */
export function parsePolicy(bytes: Uint8Array, options: ReadOptions = {}): Document<PolicyDocument> {
  return readDocument(bytes, kind, options);
}
