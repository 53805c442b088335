import { PinningError } from '../pinning-error.ts';
import type { Credentials } from './credentials.ts';
import { safeCause } from './safe-cause.ts';

/** The error for a signal that ended: the time was over, or somebody stopped the call. */
export function aborted(signal: AbortSignal, where: string, credentials: Credentials): PinningError {
  const { reason } = signal;
  const details = { cause: safeCause(reason, credentials), endpoint: where };
  const timeout = reason instanceof Error && reason.name === 'TimeoutError';
  return timeout
    ? new PinningError('timeout', `${where}: the time allowed is over`, details)
    : new PinningError('aborted', `${where}: the caller stopped the call`, details);
}
