export type FailureKind = 'forbidden' | 'rate-limited' | 'not-found' | 'refused' | 'unavailable';

export interface Failure {
  readonly ok: false;
  readonly kind: FailureKind;
  /** The end of a sentence for people: "the token may not do this (403)". */
  readonly reason: string;
}

/** A request that failed before there was an answer to judge. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
}

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** Sorts what Octokit throws: an answer with an error status, or no answer at all. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailure) return { ok: false, kind: 'unavailable', reason: error.message };
  const { response, cause } = error as { readonly response?: Response; readonly cause?: unknown };
  if (response !== undefined) return { ok: false, ...refusalOf(response) };
  if (cause instanceof RangeError) return { ok: false, kind: 'refused', reason: cause.message };
  const why = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
  return { ok: false, kind: 'unavailable', reason: `GitHub's API could not be reached${why}` };
}

function refusalOf({ status, headers, data }: Response): { kind: FailureKind; reason: string } {
  const message =
    typeof data === 'object' && data !== null ? String((data as { message?: unknown }).message ?? '') : '';
  const limited =
    status === 429 ||
    (status === 403 &&
      (headers['x-ratelimit-remaining'] === '0' ||
        headers['retry-after'] !== undefined ||
        /rate limit/i.test(message)));
  if (limited) return { kind: 'rate-limited', reason: `GitHub's rate limit is reached (${status})` };
  if (status === 401) return { kind: 'forbidden', reason: 'the token is not valid (401)' };
  if (status === 403) return { kind: 'forbidden', reason: 'the token may not do this (403)' };
  if (status === 404) return { kind: 'not-found', reason: 'not found, or the token may not see it (404)' };
  if (status >= 500) return { kind: 'unavailable', reason: `GitHub's API failed (${status})` };
  return {
    kind: 'refused',
    reason: `GitHub's API refused the request (${status}${message && `: ${message.slice(0, 200)}`})`,
  };
}
