import type { Answer } from './answer.ts';

/** What a token may be granted, by the names of a workflow's `permissions`. */
export type Scope = 'checks' | 'contents' | 'issues' | 'pull-requests' | 'statuses';

export interface Call {
  /** The named parts of the path. */
  path: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  headers: Record<string, string | undefined>;
  /** Who the token belongs to. */
  user: { login: string; type: 'Bot' | 'User' };
}

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/repos/{owner}/{repo}`. `{name}` is one segment, `{name+}` the rest of the path. */
  path: string;
  /** Any of these scopes is enough. */
  scopes: readonly Scope[];
  answer(call: Call): Promise<Answer> | Answer;
}

/** The named parts of a path that fits the pattern. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const source = pattern.replaceAll(
    /\{(\w+)(\+?)\}|[.*()[\]\\^$|?]/g,
    (part, name?: string, rest?: string) => {
      if (!name) return `\\${part}`;
      names.push(name);
      return rest ? '(.+)' : '([^/]+?)';
    },
  );
  const found = new RegExp(`^${source}$`).exec(path);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]));
}
