import type { Environment } from './runner.ts';

/** The part of `fetch` that is used: a port, so that a test needs no network and a caller owns the deadline. */
export type Request = (url: string, init: RequestInit) => Promise<Response>;

export interface GitHubOptions {
  readonly token: string;
  readonly environment: Environment;
  readonly request?: Request;
  /** For all calls of one run together. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  /** `reason` is a sentence's end for people: «the token may not do this (403)». */
  | {
      readonly ok: false;
      readonly status: number | undefined;
      readonly reason: string;
      readonly kind: FailureKind;
    };

export type FailureKind = 'forbidden' | 'rate-limited' | 'not-found' | 'refused' | 'unavailable';

const maxBytes = 32 << 20;

/** GitHub's REST API. Never throws: what it shows is worth having, and no verdict waits for it. */
export class GitHub {
  readonly #options: GitHubOptions;
  readonly #base: string;
  /** After a rate limit no further call is made: each would only make it longer. */
  #limited: Answer | undefined;

  constructor(options: GitHubOptions) {
    this.#options = options;
    this.#base = apiAddress(options.environment.GITHUB_API_URL);
  }

  get(path: string): Promise<Answer> {
    return this.#call('GET', path);
  }

  send(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<Answer> {
    return this.#call(method, path, body);
  }

  async #call(method: string, path: string, body?: unknown): Promise<Answer> {
    if (this.#limited !== undefined) return this.#limited;
    let answer = await this.#once(method, path, body);
    // Only what changes nothing is asked again.
    if (method === 'GET' && !answer.ok && answer.kind === 'unavailable' && !this.#options.signal?.aborted) {
      answer = await this.#once(method, path, body);
    }
    if (!answer.ok && answer.kind === 'rate-limited') this.#limited = answer;
    return answer;
  }

  async #once(method: string, path: string, body?: unknown): Promise<Answer> {
    const { token, request = fetch, signal, timeoutMs = 10_000 } = this.#options;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(this.#base + path, {
        method,
        redirect: method === 'GET' ? 'follow' : 'error',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'holdfast',
          'x-github-api-version': '2022-11-28',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return await answerOf(response);
    } catch (error) {
      const timedOut = deadline.aborted || signal?.aborted;
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      const reason = timedOut
        ? "GitHub's API did not answer in time"
        : `GitHub's API could not be reached${cause}`;
      return { ok: false, status: undefined, kind: 'unavailable', reason };
    }
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const { status } = response;
  const text = await limitedText(response);
  if (text === undefined) return { ok: false, status, kind: 'refused', reason: 'the answer is too large' };
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    if (response.ok)
      return { ok: false, status, kind: 'unavailable', reason: "GitHub's API did not answer with JSON" };
  }
  return response.ok ? { ok: true, status, body } : { ok: false, status, ...failure(response, body) };
}

function failure(response: Response, body: unknown): { kind: FailureKind; reason: string } {
  const { status, headers } = response;
  const message =
    typeof body === 'object' && body !== null ? String((body as { message?: unknown }).message ?? '') : '';
  const limited =
    status === 429 ||
    (status === 403 &&
      (headers.get('x-ratelimit-remaining') === '0' ||
        headers.has('retry-after') ||
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

async function limitedText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The token goes nowhere but to the API the runner names, and never over an open line. */
function apiAddress(given: string | undefined): string {
  const address = new URL(given || 'https://api.github.com');
  const local = address.hostname === 'localhost' || address.hostname === '127.0.0.1';
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && local)) {
    throw new TypeError(`GITHUB_API_URL expected https, got ${address.protocol}`);
  }
  return address.href.replace(/\/+$/, '');
}
