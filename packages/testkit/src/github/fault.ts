/** Which requests a fault is for. */
export interface GitHubMatch {
  method?: string;
  /** Found in the path with its query. */
  path?: string | RegExp;
  /** How many requests it strikes. Default: all. */
  times?: number;
}

/** What a request meets in place of an answer. */
export interface GitHubFault {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Waits before it answers, or does whatever else it does. */
  delayMs?: number;
  /** Only half of the body comes before the connection ends. */
  cut?: boolean;
  /** No answer: the connection is reset. */
  reset?: boolean;
}

/** The faults of GitHub that callers must tell apart; see "Rate limits for the REST API" in GitHub's docs. */
export const gitHubFaults = {
  forbidden: {
    status: 403,
    body: {
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest',
    },
  },
  primaryRateLimit: (resetInSeconds = 1_800): GitHubFault => ({
    status: 403,
    headers: {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + resetInSeconds),
    },
    body: { message: 'API rate limit exceeded for installation ID 1.' },
  }),
  secondaryRateLimit: (retryAfterSeconds = 60): GitHubFault => ({
    status: 403,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    },
  }),
  unavailable: {
    status: 503,
    body: { message: 'No server is currently available to service your request.' },
  },
} as const;

export function matchesRequest(
  request: { method: string; path: string },
  { method, path }: GitHubMatch,
): boolean {
  if (method && method !== request.method) return false;
  if (path === undefined) return true;
  return typeof path === 'string' ? request.path.includes(path) : path.test(request.path);
}
