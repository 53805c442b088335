import type { Problem } from './problem/problem.ts';

export type ManifestErrorCode =
  | 'key/unsupported-type'
  | 'key/unsupported-encryption'
  | 'key/openssh-encrypted'
  | 'key/malformed'
  | 'key/not-strict'
  | 'key/password-needed'
  | 'key/wrong-password'
  | 'key/exists'
  | 'signature/malformed'
  | 'canonical/not-json'
  | 'list/invalid'
  | 'list/missing'
  | 'manifest/invalid'
  | 'policy/invalid';

interface ManifestErrorDetails {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly problems?: readonly Problem[];
}

/** Why a function failed. What is wrong in somebody's file is a `Problem`, a value, instead. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  readonly hint: string | undefined;
  /** Of `manifest/invalid` and `policy/invalid`. */
  readonly problems: readonly Problem[];

  constructor(
    code: ManifestErrorCode,
    message: string,
    { cause, hint, problems = [] }: ManifestErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.problems = problems;
  }
}
