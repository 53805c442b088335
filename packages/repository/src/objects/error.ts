/** What went wrong, for programs. */
export type RepositoryErrorCode =
  | 'git-missing'
  | 'git-failed'
  | 'not-a-repository'
  | 'revision-invalid'
  | 'object-missing'
  | 'object-malformed'
  | 'too-large'
  | 'fetch-failed'
  | 'api-failed'
  | 'api-refused'
  | 'aborted';

/** A failure of the world: no git, no commit, no network. What a person wrote wrong is a `Problem` instead. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
  readonly code: RepositoryErrorCode;

  constructor(code: RepositoryErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
  }
}
