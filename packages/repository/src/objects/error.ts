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

/** A failure of the world: no git, no commit, no network. A mistake in somebody's file is a `Problem` instead. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
  readonly code: RepositoryErrorCode;

  constructor(code: RepositoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
