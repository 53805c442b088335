/**
 * - `unauthorized`: the credentials, or their absence, were refused
 * - `invalid`: the request itself is wrong; the same request fails again
 * - `not-found`: what was named does not exist there
 * - `unsupported`: the other side cannot do that
 * - `wrong-address`: no such host, or a server that does not speak TLS where the address asks for it, or the other way round
 * - `unavailable`: nobody answered, or the answer was a passing fault
 * - `timeout`: no answer within the time allowed
 * - `truncated`: the answer ended before its end
 * - `bad-response`: an answer that is not what the protocol promises
 * - `aborted`: the caller's own signal ended the call
 */
export type HttpErrorCode =
  | 'unauthorized'
  | 'invalid'
  | 'not-found'
  | 'unsupported'
  | 'wrong-address'
  | 'unavailable'
  | 'timeout'
  | 'truncated'
  | 'bad-response'
  | 'aborted';

export interface HttpErrorDetails {
  readonly cause?: unknown;
  /** Where it happened: an address without credentials. */
  readonly endpoint?: string | undefined;
  readonly status?: number | undefined;
  /** The pause that the other side asked for. */
  readonly retryAfterMs?: number | undefined;
}

const passing: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'truncated']);

/** A failure of the world while talking to a server. A package with codes of its own extends it. */
export class HttpError<Code extends string = HttpErrorCode> extends Error {
  override readonly name: string = 'HttpError';
  readonly code: Code;
  // Declared and not defined, so that what is not known is not printed as undefined.
  declare readonly endpoint?: string;
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;

  constructor(code: Code, message: string, details: HttpErrorDetails = {}) {
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
