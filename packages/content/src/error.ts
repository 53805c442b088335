/** What went wrong, for programs. The README says which calls throw which. */
export type ContentErrorCode =
  | 'path-invalid'
  | 'path-conflict'
  | 'path-unsafe'
  | 'path-missing'
  | 'cid-invalid'
  | 'size-invalid'
  | 'profile-unknown'
  | 'profile-mismatch'
  | 'not-found'
  | 'unreadable'
  | 'entry-unsupported'
  | 'changed-while-reading'
  | 'car-malformed'
  | 'car-truncated'
  | 'digest-mismatch'
  | 'block-mismatch'
  | 'block-missing'
  | 'block-unreferenced'
  | 'block-too-large'
  | 'too-large'
  | 'dag-invalid'
  | 'target-exists'
  | 'write-failed'
  | 'worker-failed';

export interface ContentErrorOptions {
  readonly cause?: unknown;
  /** The file, folder or CID it is about. */
  readonly subject?: string;
}

/** A failure of the world, or content that is not what it should be. Aborting throws the signal's reason instead. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
  readonly code: ContentErrorCode;
  readonly subject: string | undefined;

  constructor(code: ContentErrorCode, message: string, options: ContentErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.subject = options.subject;
  }
}
