import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, Refusal } from './answer.ts';
import { type CheckRun, checkRoutes } from './checks.ts';
import { type Comment, commentRoutes } from './comments.ts';
import { contentRoutes } from './contents.ts';
import { type GitHubFault, type GitHubMatch, matchesRequest } from './fault.ts';
import { type Pull, pullRoutes } from './pulls.ts';
import { fail, refusalBody, send, sendPage } from './reply.ts';
import { type Call, matchPath, type Route, type Scope } from './route.ts';
import { type CommitStatus, statusRoutes } from './statuses.ts';

export interface GitHubOptions {
  /** `owner/name`; there is only this repository. */
  repository?: string;
  /** The token it accepts. Default: `ghs_test`. */
  token?: string;
  /** What the token may do. Default: everything. */
  permissions?: Partial<Record<Scope, 'read' | 'write' | 'none'>>;
  /** Whose the token is. Default: the bot of a workflow. */
  user?: Call['user'];
  /** A real repository, for contents, trees, blobs, commits and comparisons. */
  gitFolder?: string;
  pulls?: readonly Pull[];
}

export interface GitHubRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: unknown;
  /** 0 when the connection was reset. */
  status: number;
  /** No route is known for it: the caller asks for what the stand-in, or GitHub, does not have. */
  unknown: boolean;
}

/** GitHub's REST API for one repository, as far as the actions call it, and stricter than GitHub. */
export interface GitHubStandIn extends AsyncDisposable {
  /** What GITHUB_API_URL is set to. */
  url: string;
  token: string;
  repository: string;
  requests: readonly GitHubRequest[];
  checkRuns: CheckRun[];
  comments: Comment[];
  statuses: CommitStatus[];
  pulls: Pull[];
  /** What happens to matching requests in place of an answer; the latest that matches wins. */
  inject(match: GitHubMatch, fault: GitHubFault): void;
  /** Takes all injected faults back. */
  heal(): void;
  close(): Promise<void>;
}

export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const { repository = 'holdfast-data/datasets', token = 'ghs_test' } = options;
  const requests: GitHubRequest[] = [];
  const [checkRuns, comments, statuses] = [[] as CheckRun[], [] as Comment[], [] as CommitStatus[]];
  const pulls = [...(options.pulls ?? [])];
  let faults: { match: GitHubMatch; fault: GitHubFault; left: number }[] = [];
  let ids = 1_000;
  const nextId = () => ++ids;
  const routes = [
    ...checkRoutes(checkRuns, nextId),
    ...commentRoutes(comments, nextId, (number) => pulls.some((pull) => pull.number === number)),
    ...statusRoutes(statuses, nextId),
    ...pullRoutes(pulls, options.gitFolder),
    ...contentRoutes(options.gitFolder),
    repositoryRoute(repository),
  ];

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      if (!response.headersSent) send(response, 500, { message: `stand-in: ${error}` });
      else response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry: GitHubRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string | undefined>,
      body: undefined,
      status: 0,
      unknown: false,
    };
    requests.push(entry);
    const raw = await readAll(request);
    entry.body = parseJson(raw);
    const injected = faults.findLast((it) => it.left > 0 && matchesRequest(entry, it.match));
    if (injected) {
      injected.left--;
      entry.status = injected.fault.reset ? 0 : (injected.fault.status ?? 500);
      await fail(response, injected.fault);
      return;
    }
    try {
      const answer = await answerTo(entry, raw);
      entry.status = answer.status;
      if (answer.raw)
        send(response, answer.status, answer.raw, { 'content-type': 'application/octet-stream' });
      else if (answer.list) sendPage(response, answer, new URL(entry.path, url));
      else send(response, answer.status, answer.body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      entry.status = error.status;
      send(response, error.status, refusalBody(error));
    }
  }

  async function answerTo(entry: GitHubRequest, raw: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(entry.path, url);
    const prefix = `/repos/${repository}`;
    const below =
      pathname === prefix || pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : undefined;
    const found = below === undefined ? undefined : findRoute(routes, entry.method, below);
    entry.unknown = !found;
    authorize(entry, token);
    if (!found) throw new Refusal(404, 'Not Found');
    const needed = entry.method === 'GET' ? ['read', 'write'] : ['write'];
    const granted = (scope: Scope) =>
      options.permissions?.[scope] ?? (options.permissions ? 'none' : 'write');
    if (
      found.route.scopes.length > 0 &&
      !found.route.scopes.some((scope) => needed.includes(granted(scope)))
    ) {
      throw new Refusal(403, 'Resource not accessible by integration');
    }
    if (raw !== '' && entry.body === undefined) throw new Refusal(400, 'Problems parsing JSON');
    const user = options.user ?? { login: 'github-actions[bot]', type: 'Bot' as const };
    const { headers, body } = entry;
    return found.route.answer({ path: found.path, query: searchParams, body, headers, user });
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return {
    url,
    token,
    repository,
    requests,
    checkRuns,
    comments,
    statuses,
    pulls,
    inject(match, fault) {
      faults.push({ match, fault, left: match.times ?? Number.POSITIVE_INFINITY });
    },
    heal() {
      faults = [];
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function repositoryRoute(repository: string): Route {
  const body = { full_name: repository, default_branch: 'main', private: false };
  return { method: 'GET', path: '', scopes: [], answer: () => ({ status: 200, body }) };
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    const found = route.method === method ? matchPath(route.path, path) : undefined;
    if (found) return { route, path: found };
  }
  return undefined;
}

function authorize({ headers }: GitHubRequest, token: string): void {
  if (!headers['user-agent']) {
    throw new Refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  }
  if (!headers.authorization) throw new Refusal(401, 'Requires authentication');
  const [scheme = '', ...given] = headers.authorization.split(' ');
  if (!/^(bearer|token)$/i.test(scheme) || given.join(' ') !== token)
    throw new Refusal(401, 'Bad credentials');
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
