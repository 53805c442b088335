import { type Document, type ReadOptions, readDocument } from '../json/read-document.ts';
import { PolicyDocument } from './policy.ts';
import { policyRules } from './policy-rules.ts';

/** `policy.json` from its bytes, or every problem of them. Whether its keys exist is for `loadTrust`. */
export function parsePolicy(bytes: Uint8Array, options: ReadOptions = {}): Document<PolicyDocument> {
  return readDocument(bytes, { area: 'policy', schema: PolicyDocument, rules: policyRules }, options);
}
