import { HttpError, type HttpErrorCode, type HttpErrorDetails } from '@holdfast/http';

/** `not-enough-peers`: fewer peers can take a copy than were asked for. The others are those of any server. */
export type PinningErrorCode = HttpErrorCode | 'not-enough-peers';

export type PinningErrorDetails = HttpErrorDetails;

/**
 * A failure of the world while talking to a target.
 *
 * @example
 * ```ts
 * import { ClusterTarget, PinningError } from '@holdfast/pinning';
 *
 * try {
 *   new ClusterTarget({ endpoints: ['cluster.example.org'] });
 * } catch (error) {
 *   if (error instanceof PinningError) console.log(error.code, error.retryable); // prints: invalid false
 * }
 * ```
 */
export class PinningError extends HttpError<PinningErrorCode> {
  override readonly name: string = 'PinningError';
}

/** What HTTP said, as an error of this package. */
export function asPinningError(error: HttpError<PinningErrorCode>): PinningError {
  return error instanceof PinningError ? error : new PinningError(error.code, error.message, error);
}
