/** What went wrong, for programs. */
export type RetrievalErrorCode =
  | 'source-invalid'
  | 'sources-exhausted'
  | 'name-invalid'
  | 'record-invalid'
  | 'name-unresolved'
  | 'name-unpublished'
  | 'name-superseded'
  | 'peer-unreachable'
  | 'stopped';

export interface RetrievalErrorOptions {
  readonly cause?: unknown;
  /** The CID or the source it is about. */
  readonly subject?: string | undefined;
}

/** A failure of the world while looking for content. Aborting throws the signal's reason instead. */
export class RetrievalError extends Error {
  override readonly name = 'RetrievalError';
  readonly code: RetrievalErrorCode;
  readonly subject: string | undefined;

  constructor(code: RetrievalErrorCode, message: string, options: RetrievalErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.subject = options.subject;
  }
}
