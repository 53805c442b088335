import { Misuse } from './failure.ts';
import { type Failure, failureOf, RequestFailure } from './github-failure.ts';
import type { Octokit } from './network.ts';
import type { Environment } from './runner.ts';

export interface GitHubOptions {
  readonly token: string;
  readonly environment: Environment;
  /** For all calls of one run together. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export type Answer<T = unknown> = { readonly ok: true; readonly body: T } | Failure;

/** GitHub's REST API by Octokit. Never throws: what it shows is useful, but no verdict depends on it. */
export class GitHub {
  readonly #options: GitHubOptions;
  readonly #baseUrl: string;
  #octokit: Promise<Octokit> | undefined;
  /** After a rate limit no further call is made: each would only make it longer. */
  #limited: Failure | undefined;

  constructor(options: GitHubOptions) {
    this.#options = options;
    this.#baseUrl = apiAddress(options.environment.GITHUB_API_URL);
  }

  async ask<T>(call: (octokit: Octokit) => Promise<{ readonly data: T }>): Promise<Answer<T>> {
    if (this.#limited !== undefined) return this.#limited;
    try {
      this.#octokit ??= this.#open();
      const { data } = await call(await this.#octokit);
      return { ok: true, body: data };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'rate-limited') this.#limited = failure;
      return failure;
    }
  }

  async #open(): Promise<Octokit> {
    const { openOctokit } = await import('./network.ts');
    const octokit = openOctokit(this.#options.token, this.#baseUrl);
    // What a wrapper passes on is dropped by the one inside it, which adds the token: only changes of `options` itself arrive.
    octokit.hook.wrap('request', (request, options) => {
      const reads = options.method === 'GET';
      options.headers['x-github-api-version'] = '2022-11-28';
      const once = () =>
        this.#timed((signal) => {
          options.request = { ...options.request, signal, redirect: reads ? 'follow' : 'error' };
          return request(options);
        });
      return reads ? this.#twice(once) : once();
    });
    return octokit;
  }

  /** Only what changes nothing is sent again. */
  async #twice<T>(once: () => Promise<T>): Promise<T> {
    try {
      return await once();
    } catch (error) {
      if (failureOf(error).kind !== 'unavailable' || this.#options.signal?.aborted) throw error;
      return await once();
    }
  }

  async #timed<T extends { readonly data: unknown }>(
    work: (signal: AbortSignal) => T | Promise<T>,
  ): Promise<T> {
    const { signal: whole, timeoutMs = 10_000 } = this.#options;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = whole ? AbortSignal.any([whole, deadline]) : deadline;
    try {
      const response = await work(signal);
      if (typeof response.data === 'string' && response.data !== '')
        throw new RequestFailure("GitHub's API did not answer with JSON");
      return response;
    } catch (error) {
      throw signal.aborted ? new RequestFailure("GitHub's API did not answer in time") : error;
    }
  }
}

/** `owner/name` as Octokit takes it. */
export function repositoryOf(name: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}

/** The token goes nowhere but to the API that the runner names, and never unencrypted. */
export function apiAddress(given: string | undefined): string {
  const text = given || 'https://api.github.com';
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address === undefined)
    throw new Misuse([
      `GITHUB_API_URL expected an address such as https://api.github.com, got ${JSON.stringify(text)}`,
    ]);
  const local = address.hostname === 'localhost' || address.hostname === '127.0.0.1';
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && local)) {
    throw new Misuse([`GITHUB_API_URL expected https, got ${JSON.stringify(text)}`]);
  }
  return address.href.replace(/\/+$/, '');
}
