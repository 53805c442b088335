import { PinningError } from '@holdfast/pinning';
import type { RunFailure } from './report.ts';

/** One message for a run in which nothing could be done, with what to look at first. */
export function failureOf(error: unknown, label: string, deadline: boolean): RunFailure {
  if (!(error instanceof PinningError) || error.code === 'aborted') {
    return deadline
      ? {
          message: `\`timeout\` was reached before anything could be pinned on the ${label}`,
          todo: 'Raise `timeout`, or find out why the target is slow.',
        }
      : {
          message: `the run was cancelled before anything could be pinned on the ${label}`,
          todo: 'Run again: it continues where it stopped.',
        };
  }
  return { message: error.message, todo: todoFor(error) };
}

function todoFor({ code }: PinningError): string {
  switch (code) {
    case 'unauthorized':
      return 'Check the secret for this target: a bearer token, or `user:password`, of a user who may pin. Is it set in the environment of the job?';
    case 'unavailable':
    case 'timeout':
    case 'truncated':
      return 'Check the address, that the target is up, and that the runner can reach it; then run again. Nothing was changed.';
    case 'wrong-address':
      return 'Correct the address of the target: `http://` or `https://`, the host and the port.';
    case 'bad-response':
    case 'not-found':
      return 'Check the address: a server answers there, but not with this API.';
    default:
      return 'The message says why. It is safe to run again.';
  }
}
