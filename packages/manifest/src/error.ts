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
  | 'canonical/not-json';

/** What a function that returns a value could not do. A problem of a manifest or policy is a `Problem`, not this. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  readonly hint: string | undefined;

  constructor(code: ManifestErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
