import { addressMistake } from './address-mistake.ts';
import type { Credentials } from './credentials.ts';
import { HttpError } from './http-error.ts';
import { errorCode, safeCause } from './safe-cause.ts';

export interface FailureContext {
  /** An address without credentials. */
  readonly label: string;
  readonly credentials: Credentials;
  readonly signal?: AbortSignal | undefined;
}

/** What a broken connection, or a signal that ended, means. */
export function networkFailure(error: unknown, context: FailureContext): HttpError {
  const { label, credentials, signal } = context;
  if (error instanceof HttpError) return error;
  if (signal?.aborted) return aborted(signal, label, credentials);
  // `fetch` says what happened in the cause.
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const cause = safeCause(deepest, credentials);
  const code = errorCode(deepest) ?? cause.message;
  const details = { cause, endpoint: label };
  const mistake = addressMistake(label, code, cause.message);
  if (mistake !== undefined) return new HttpError('wrong-address', `${label}: ${mistake}`, details);
  if (/^HPE_|^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    const what = code.startsWith('HPE_') ? 'an answer in HTTP' : 'a certificate that can be trusted';
    const tls = code.startsWith('HPE_') && label.startsWith('http:') ? '; does it speak TLS (https:)?' : '';
    return new HttpError('bad-response', `${label}: expected ${what}, got ${code}${tls}`, details);
  }
  return new HttpError('unavailable', `${label}: no answer (${credentials.redact(code)})`, details);
}

/** The error for a signal that ended: time ran out, or somebody stopped the call. */
export function aborted(signal: AbortSignal, label: string, credentials: Credentials): HttpError {
  const { reason } = signal;
  const details = { cause: safeCause(reason, credentials), endpoint: label };
  const timeout = reason instanceof Error && reason.name === 'TimeoutError';
  return timeout
    ? new HttpError('timeout', `${label}: the time limit was reached`, details)
    : new HttpError('aborted', `${label}: the caller stopped the call`, details);
}

/** The error for an endpoint that says nothing for that long. */
export function silent(label: string, idleMs: number): HttpError {
  return new HttpError('timeout', `${label}: expected an answer, got ${idleMs / 1_000} s of silence`, {
    endpoint: label,
  });
}
