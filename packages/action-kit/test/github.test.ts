import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GitHub } from '../src/github.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

async function api(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  opened.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const client = (url: string, more: { signal?: AbortSignal; timeoutMs?: number } = {}) =>
  new GitHub({ token: 'ghs_test', environment: { GITHUB_API_URL: url }, ...more });
const read = (github: GitHub) => github.ask((octokit) => octokit.request('GET /repos/o/r'));
const write = (github: GitHub) => github.ask((octokit) => octokit.request('POST /repos/o/r/statuses/c'));

describe('an API that does not answer', () => {
  it.each([
    ['is left after the time of a call', read, { timeoutMs: 300 }],
    ['is left after the time of a call that writes', write, { timeoutMs: 300 }],
    ['is left at the end of the run', write, { signal: AbortSignal.timeout(300) }],
  ])('%s', async (_, ask, limits) => {
    const url = await api(() => {});
    expect(await ask(client(url, limits))).toMatchObject({
      ok: false,
      reason: "GitHub's API did not answer in time",
    });
  });
});

it('names the version of the API and the token', async () => {
  const url = await api(({ headers }, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(headers));
  });
  expect(await read(client(url))).toMatchObject({
    body: { 'x-github-api-version': '2022-11-28', authorization: 'token ghs_test' },
  });
});

it('reads twice where the first answer failed, and writes once', async () => {
  const asked: string[] = [];
  const url = await api(({ method = '' }, response) => {
    asked.push(method);
    response.socket?.destroy();
  });
  await read(client(url));
  await write(client(url));
  expect(asked).toEqual(['GET', 'GET', 'POST']);
});

it('follows no redirect with what it writes', async () => {
  const asked: string[] = [];
  const elsewhere = await api(({ method = '' }, response) => {
    asked.push(method);
    response.end('{}');
  });
  const url = await api((_, response) => {
    response.writeHead(307, { location: elsewhere }).end();
  });
  expect(await write(client(url))).toMatchObject({ ok: false });
  expect(asked).toEqual([]);
});
