import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type GitHubStandIn,
  gitHubFaults,
  gitRepository,
  startGitHub,
  type TestRepository,
} from '../src/index.ts';

let repository: TestRepository;
let base: string;
let head: string;
let github: GitHubStandIn;

beforeAll(async () => {
  repository = await gitRepository();
  await repository.write({
    'a.txt': 'a\n'.repeat(100),
    'old.txt': 'same\n'.repeat(10),
    'data/x.bin': Uint8Array.of(0, 255),
  });
  base = await repository.commit('Base');
  await repository.branch('topic');
  await repository.write({
    'a.txt': 'b',
    'old.txt': null,
    'new.txt': 'same\n'.repeat(10),
    'data/link': { symlink: 'x.bin' },
  });
  head = await repository.commit('Head');
});
afterAll(() => repository.remove());
beforeEach(async () => {
  const pulls = [{ number: 7, head: { sha: head }, base: { sha: base }, merge_commit_sha: 'c'.repeat(40) }];
  github = await startGitHub({ gitFolder: repository.path, pulls });
});
afterEach(() => github.close());

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${github.url}/repos/${github.repository}${path}`, {
    method,
    headers: { authorization: `Bearer ${github.token}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

const annotation = (line: number) => ({
  path: 'a.json',
  start_line: line,
  end_line: line,
  annotation_level: 'failure',
  message: `wrong ${line}`,
});

describe('startGitHub', () => {
  it('records each request, and tells those it has no route for', async () => {
    await call('POST', '/issues/7/comments', { body: 'hello' });
    expect((await call('GET', '/unheard-of')).status).toBe(404);
    expect((await call('PUT', '/issues/7/comments', {})).status).toBe(404);
    expect((await call('GET', '/issues/8/comments')).status).toBe(404);
    expect(github.requests.map(({ method, status, unknown }) => [method, status, unknown])).toEqual([
      ['POST', 201, false],
      ['GET', 404, true],
      ['PUT', 404, true],
      ['GET', 404, false],
    ]);
    expect(github.requests[0]?.body).toEqual({ body: 'hello' });
    const other = await fetch(`${github.url}/repos/other/one/pulls`, {
      headers: { authorization: 'token ghs_test' },
    });
    expect(other.status).toBe(404);
  });

  it('asks for the right token, and for what the token was granted', async () => {
    expect((await call('GET', '', undefined, { authorization: '' })).status).toBe(401);
    expect(await call('GET', '', undefined, { authorization: 'Bearer other' })).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials', status: '401' },
    });
    expect((await call('GET', '')).body.full_name).toBe(github.repository);
    await github.close();
    github = await startGitHub({ permissions: { contents: 'read', checks: 'write' } });
    const sha = 'a'.repeat(40);
    expect((await call('POST', '/check-runs', { name: 'x', head_sha: sha })).status).toBe(201);
    expect(await call('POST', `/statuses/${sha}`, { state: 'success' })).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
  });

  it('keeps check runs, with at most 50 annotations a request, added to by updates', async () => {
    const many = Array.from({ length: 51 }, (_, index) => annotation(index + 1));
    const output = (annotations: unknown[]) => ({ title: 'T', summary: 'S', annotations });
    const create = (fields: object) =>
      call('POST', '/check-runs', { name: 'check', head_sha: head, ...fields });
    const refused = await create({ output: output(many) });
    expect(refused).toMatchObject({ status: 422, body: { status: '422' } });
    expect(refused.body.message).toContain('no more than 50 items are allowed; 51 were supplied');
    const { status, body } = await create({ status: 'in_progress', output: output(many.slice(0, 50)) });
    expect([status, body.output.annotations_count]).toEqual([201, 50]);
    expect((await call('PATCH', `/check-runs/${body.id}`, { status: 'completed' })).status).toBe(422);
    await call('PATCH', `/check-runs/${body.id}`, { conclusion: 'failure', output: output(many.slice(50)) });
    expect(github.checkRuns).toMatchObject([{ head_sha: head, status: 'completed', conclusion: 'failure' }]);
    expect(github.checkRuns[0]?.annotations).toHaveLength(51);
    const listed = await call('GET', `/check-runs/${body.id}/annotations?per_page=50&page=2`);
    expect(listed.body).toEqual([annotation(51)]);
    expect((await call('GET', `/commits/${head}/check-runs`)).body.total_count).toBe(1);
  });

  it.each([
    ['no name', { head_sha: 'a'.repeat(40) }, '"name" wasn\'t supplied.'],
    ['a short commit', { name: 'x', head_sha: 'abc' }, 'is not a full commit SHA'],
    [
      'an unknown field',
      { name: 'x', head_sha: 'a'.repeat(40), colour: 1 },
      '"colour" is not a permitted key.',
    ],
    [
      'no summary',
      { name: 'x', head_sha: 'a'.repeat(40), output: { title: 't' } },
      '"summary" wasn\'t supplied.',
    ],
    [
      'columns over lines',
      {
        name: 'x',
        head_sha: 'a'.repeat(40),
        output: {
          title: 't',
          summary: 's',
          annotations: [{ ...annotation(1), end_line: 2, start_column: 1 }],
        },
      },
      'columns are only permitted when start_line and end_line are equal',
    ],
  ])('refuses a check run with %s', async (_, body, message) => {
    const refused = await call('POST', '/check-runs', body);
    expect(refused.status).toBe(422);
    expect(refused.body.message).toContain(message);
  });

  it('refuses a body that is not JSON', async () => {
    expect(await call('POST', '/check-runs', '{')).toMatchObject({
      status: 400,
      body: { message: 'Problems parsing JSON' },
    });
  });

  it('pages comments, and lets them be changed and removed', async () => {
    for (let n = 1; n <= 31; n++) await call('POST', '/issues/7/comments', { body: `comment ${n}` });
    const first = await call('GET', '/issues/7/comments');
    expect(first.body).toHaveLength(30);
    expect(first.body[0]).toMatchObject({
      body: 'comment 1',
      user: { login: 'github-actions[bot]', type: 'Bot' },
    });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    expect(next).toContain('page=2');
    const second = await call('GET', next?.split(github.repository)[1] ?? '');
    expect(second.body).toHaveLength(1);
    expect(second.headers.get('link')).not.toContain('rel="next"');
    const { id } = second.body[0];
    await call('PATCH', `/issues/comments/${id}`, { body: 'changed' });
    expect(github.comments.at(-1)).toMatchObject({ id, issue: 7, body: 'changed' });
    expect((await call('DELETE', `/issues/comments/${id}`)).status).toBe(204);
    expect((await call('GET', `/issues/comments/${id}`)).status).toBe(404);
    const long = await call('POST', '/issues/7/comments', { body: 'x'.repeat(65_537) });
    expect(long.body.errors[0].message).toBe('Body is too long (maximum is 65536 characters)');
  });

  it('keeps commit statuses, the latest of each context', async () => {
    const post = (fields: object) => call('POST', `/statuses/${head}`, fields);
    await post({ state: 'pending', context: 'pin' });
    await post({ state: 'success', context: 'pin', description: 'done' });
    expect((await post({ state: 'fine' })).status).toBe(422);
    expect((await post({ state: 'success', description: 'x'.repeat(141) })).status).toBe(422);
    expect((await call('GET', `/commits/${head}/status`)).body).toMatchObject({
      state: 'success',
      total_count: 1,
    });
    expect((await call('GET', `/commits/${head}/statuses`)).body).toHaveLength(2);
  });

  it('knows pull requests, their files and those of a commit', async () => {
    expect((await call('GET', '/pulls/7')).body).toMatchObject({
      number: 7,
      state: 'open',
      head: { sha: head },
    });
    const files = (await call('GET', '/pulls/7/files')).body as { filename: string; status: string }[];
    expect(files.map((it) => [it.filename, it.status])).toEqual([
      ['a.txt', 'modified'],
      ['data/link', 'added'],
      ['new.txt', 'renamed'],
    ]);
    const [found] = (await call('GET', `/commits/${'c'.repeat(40)}/pulls`)).body;
    expect(found.number).toBe(7);
    expect((await call('GET', `/commits/${'d'.repeat(40)}/pulls`)).body).toEqual([]);
  });

  it('serves commits, trees, blobs, contents and comparisons of a real repository', async () => {
    const commit = (await call('GET', `/git/commits/${head}`)).body;
    expect(commit).toMatchObject({ sha: head, parents: [{ sha: base }], message: 'Head' });
    const { tree, truncated } = (await call('GET', `/git/trees/${commit.tree.sha}?recursive=1`)).body;
    expect(truncated).toBe(false);
    const entry = tree.find((it: { path: string }) => it.path === 'data/x.bin');
    expect(entry).toMatchObject({ mode: '100644', type: 'blob', size: 2 });
    expect(tree.find((it: { path: string }) => it.path === 'data')).toMatchObject({
      mode: '040000',
      type: 'tree',
    });
    const blob = (await call('GET', `/git/blobs/${entry.sha}`)).body;
    expect(Buffer.from(blob.content, 'base64')).toEqual(Buffer.of(0, 255));
    const headers = { authorization: 'token ghs_test', accept: 'application/vnd.github.raw+json' };
    const raw = await fetch(`${github.url}/repos/${github.repository}/contents/data/x.bin?ref=${head}`, {
      headers,
    });
    expect(Buffer.from(await raw.arrayBuffer())).toEqual(Buffer.of(0, 255));
    expect((await call('GET', '/contents/data/link?ref=topic')).body.type).toBe('symlink');
    expect((await call('GET', '/contents/data?ref=topic')).body).toHaveLength(2);
    expect((await call('GET', '/contents/absent?ref=topic')).status).toBe(404);
    expect((await call('GET', '/git/ref/heads/topic')).body.object).toEqual({ sha: head, type: 'commit' });
    expect((await call('GET', '/compare/main...topic')).body).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      behind_by: 0,
    });
    expect((await call('GET', '/git/blobs/abc')).status).toBe(422);
  });

  it('fails as it is told to', async () => {
    github.inject({ method: 'POST', times: 1 }, gitHubFaults.secondaryRateLimit(7));
    const limited = await call('POST', '/issues/7/comments', { body: 'x' });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
    expect((await call('POST', '/issues/7/comments', { body: 'x' })).status).toBe(201);
    github.inject({ path: '/pulls/' }, gitHubFaults.primaryRateLimit());
    expect((await call('GET', '/pulls/7')).headers.get('x-ratelimit-remaining')).toBe('0');
    github.inject({ path: /pulls/ }, { ...gitHubFaults.unavailable, delayMs: 100 });
    const start = performance.now();
    expect((await call('GET', '/pulls/7')).status).toBe(503);
    expect(performance.now() - start).toBeGreaterThan(90);
    github.inject({}, { status: 200, body: { id: 1, text: 'x'.repeat(1_000) }, cut: true });
    await expect(call('GET', '/pulls/7')).rejects.toThrow('terminated');
    github.inject({}, { reset: true });
    await expect(call('GET', '/pulls/7')).rejects.toThrow('fetch failed');
    github.heal();
    expect((await call('GET', '/pulls/7')).status).toBe(200);
  });
});
