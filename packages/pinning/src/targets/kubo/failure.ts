import {
  aborted,
  addressMistake,
  errorCode,
  type FailureContext,
  plain,
  safeCause,
  shortened,
} from '@holdfast/http';
import { asPinningError, PinningError, type PinningErrorCode } from '../../target/pinning-error.ts';

// Kubo answers 500 to whatever a command could not do, or 200 where it had begun to answer.
const refusals: readonly (readonly [RegExp, PinningErrorCode])[] = [
  [/not pinned|pinned indirectly|file does not exist/i, 'not-found'],
  [/not found locally|could not find/i, 'not-found'],
  [/invalid (path|cid)|selected encoding not supported/i, 'invalid'],
];

/** What kubo-rpc-client threw, without the request that it came of. */
export function kuboFailure(error: unknown, context: FailureContext & { command: string }): PinningError {
  const { label, command, credentials, signal } = context;
  if (error instanceof PinningError) return error;
  if (signal?.reason instanceof PinningError) return signal.reason;
  if (signal?.aborted) return asPinningError(aborted(signal, label, credentials));
  const details = { cause: safeCause(error, credentials), endpoint: label };
  const said = shortened(credentials.redact(plain(error instanceof Error ? error.message : String(error))));
  const status = statusOf(error);
  if (status === undefined) {
    const code = errorCode(error instanceof Error ? error.cause : undefined) ?? said;
    const mistake = addressMistake(label, code, said);
    if (mistake !== undefined) return new PinningError('wrong-address', `${label}: ${mistake}`, details);
    return new PinningError('unavailable', `${label}: no answer to ${command} (${code})`, details);
  }
  const words = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    const tried = credentials.kind === 'none' ? 'no credentials' : `${credentials.kind} credentials`;
    const message = `${label}: ${command} was answered ${status} to ${tried}${words}`;
    return new PinningError('unauthorized', message, { ...details, status });
  }
  return new PinningError(meaning(status, said), `${label}: ${command} was answered ${status}${words}`, {
    ...details,
    status,
  });
}

function meaning(status: number, said: string): PinningErrorCode {
  if (status === 500 || status === 200)
    return refusals.find(([words]) => words.test(said))?.[1] ?? 'unavailable';
  if (status === 404 || status === 405) return 'bad-response';
  if (status === 408 || status === 429 || status > 500) return 'unavailable';
  return status >= 400 ? 'invalid' : 'bad-response';
}

function statusOf(error: unknown): number | undefined {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  return response instanceof Response ? response.status : undefined;
}
