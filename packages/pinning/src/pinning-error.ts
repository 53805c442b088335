/**
 * - `unauthorized`: the credentials, or the lack of them, were refused
 * - `not-enough-peers`: fewer peers can take a copy than were asked for
 * - `invalid`: the request itself is wrong; the same request will fail again
 * - `not-found`: what was named does not exist there
 * - `unsupported`: this target cannot do that
 * - `unavailable`: nobody answered, or the answer was a passing fault
 * - `timeout`: no answer within the time allowed
 * - `truncated`: the answer ended before its end
 * - `bad-response`: an answer that is not what the protocol promises
 * - `aborted`: the caller's own signal ended the call
 */
export type PinningErrorCode =
  | 'unauthorized'
  | 'not-enough-peers'
  | 'invalid'
  | 'not-found'
  | 'unsupported'
  | 'unavailable'
  | 'timeout'
  | 'truncated'
  | 'bad-response'
  | 'aborted';

export interface PinningErrorDetails {
  readonly cause?: unknown;
  /** Where it happened: an address without credentials. */
  readonly endpoint?: string;
  readonly status?: number;
  /** How long the other side asked to be left alone. */
  readonly retryAfterMs?: number;
}

const passing: ReadonlySet<PinningErrorCode> = new Set(['unavailable', 'timeout', 'truncated']);

/** A failure of the world while talking to a target. */
export class PinningError extends Error {
  override readonly name = 'PinningError';
  readonly code: PinningErrorCode;
  // Declared and not defined, so that what is not known is not printed as undefined.
  declare readonly endpoint?: string;
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;

  constructor(code: PinningErrorCode, message: string, details: PinningErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.endpoint !== undefined) this.endpoint = details.endpoint;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }

  /** True where the same call may succeed later; refusals and misuse never do. */
  get retryable(): boolean {
    return passing.has(this.code);
  }
}
