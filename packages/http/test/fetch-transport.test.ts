import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fetchTransport } from '../src/fetch-transport.ts';
import { HttpClient } from '../src/http-client.ts';
import { multipartFile } from '../src/multipart.ts';
import { nodeTransport } from '../src/node/node-transport.ts';
import { bodyOf, HttpServer, sendJson } from './http-server.ts';

const get = { method: 'GET', path: '/thing' } as const;
const auth = { bearer: 'sesame' };
const redirecting = fetchTransport({ redirects: 'same-site' });

async function server(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<HttpServer> {
  const opened = await HttpServer.open(handle);
  onTestFinished(() => opened.close());
  return opened;
}

test('a redirect on the same host is followed where that is asked for, and nowhere else', async () => {
  const site = await server((request, response) =>
    request.url === '/thing'
      ? response.writeHead(302, { location: '/there' }).end()
      : sendJson(response, { there: true }),
  );
  const endpoints = [site.url];
  expect(await new HttpClient({ endpoints, transport: redirecting }).json(get)).toEqual({ there: true });
  const still = new HttpClient({ endpoints });
  await expect(still.json(get)).rejects.toThrow(/redirects are not followed/);
  const post = new HttpClient({ endpoints, transport: redirecting }).json({ ...get, method: 'POST' });
  await expect(post).rejects.toThrow(/redirects are not followed/);
});

test.each([
  ['another port', 'http://127.0.0.1:9/x', /another place, 127\.0\.0\.1:9/],
  ['another host', 'http://169.254.169.254/latest', /another place/],
  ['a file', 'file:///etc/passwd', /another place/],
  ['nowhere', undefined, /without an address/],
  ['itself, for ever', '/thing', /more than 3 times/],
])('a redirect to %s is refused', async (_, location, message) => {
  const site = await server((_, response) => response.writeHead(307, location ? { location } : {}).end());
  const client = new HttpClient({
    endpoints: [site.url],
    transport: redirecting,
    backOff: { attempts: 1, firstMs: 1, longestMs: 1 },
  });
  await expect(client.json(get)).rejects.toThrow(message);
});

test('credentials do not go along to a sub-domain', async () => {
  const seen: string[] = [];
  const fetch = async (url: URL, init: { headers: Record<string, string> }) => {
    seen.push(`${url.host} ${init.headers.authorization}`);
    if (url.host === 'gateway.example')
      return new Response(null, { status: 301, headers: { location: 'https://cid.ipfs.gateway.example/' } });
    return Response.json({ fine: true });
  };
  const transport = fetchTransport({
    fetch: fetch as unknown as typeof globalThis.fetch,
    redirects: 'same-site',
  });
  const client = new HttpClient({ endpoints: ['https://gateway.example'], auth, transport });
  expect(await client.json(get)).toEqual({ fine: true });
  expect(seen).toEqual(['gateway.example Bearer sesame', 'cid.ipfs.gateway.example undefined']);
});

test.each([
  ['node', nodeTransport],
  ['fetch', fetchTransport],
])('%s: a range is asked for, and a body comes as it is sent, up to its limit', async (_, transport) => {
  const site = await server((request, response) => {
    const [first, last] =
      /^bytes=(\d+)-(\d+)$/
        .exec(request.headers.range ?? '')
        ?.slice(1)
        .map(Number) ?? [];
    if (first === undefined || last === undefined) response.end(Buffer.alloc(100_000));
    else response.writeHead(206).end(Buffer.from('0123456789').subarray(first, last + 1));
  });
  const client = new HttpClient({ endpoints: [site.url], transport: transport() });
  const part = await client.bytes({ ...get, range: { first: 2, last: 4 } });
  expect(new TextDecoder().decode(part)).toBe('234');
  const answer = await client.stream(get, { maxBytes: 50_000 });
  const read = async () => {
    let size = 0;
    for await (const chunk of answer.body) size += chunk.length;
    return size;
  };
  await expect(read()).rejects.toMatchObject({
    code: 'bad-response',
    message: expect.stringContaining('50000'),
  });
  const whole = await client.stream(get);
  let size = 0;
  for await (const chunk of whole.body) size += chunk.length;
  expect([whole.status, size]).toEqual([200, 100_000]);
});

test.each([
  ['node', nodeTransport],
  ['fetch', fetchTransport],
])('%s: a body left early closes the connection', async (_, transport) => {
  let closed = false;
  const site = await server((_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(1_000)), 5);
    response.on('close', () => {
      closed = true;
      clearInterval(timer);
    });
  });
  const client = new HttpClient({ endpoints: [site.url], transport: transport() });
  for await (const _ of (await client.stream(get)).body) break;
  await expect.poll(() => closed).toBe(true);
});

test.each([
  ['node', nodeTransport],
  ['fetch', fetchTransport],
])('%s: a form with a file is streamed', async (_, transport) => {
  const bodies: string[] = [];
  const site = await server(async (request, response) => {
    bodies.push(`${request.headers['content-type']}\n${await bodyOf(request)}`);
    sendJson(response, { fine: true });
  });
  const progress: number[] = [];
  const file = multipartFile({
    name: 'content.car',
    type: 'application/vnd.ipld.car',
    onProgress: (bytes) => progress.push(bytes),
    async *open() {
      yield new TextEncoder().encode('one ');
      yield new TextEncoder().encode('two');
    },
  });
  const client = new HttpClient({ endpoints: [site.url], transport: transport() });
  expect(await client.json({ method: 'POST', path: '/add', ...file })).toEqual({ fine: true });
  const [boundary] = /holdfast-[0-9a-f]{32}/.exec(bodies[0] ?? '') ?? [];
  expect(bodies[0]).toBe(
    `multipart/form-data; boundary=${boundary}\n--${boundary}\r\ncontent-disposition: form-data; name="file"; ` +
      `filename="content.car"\r\ncontent-type: application/vnd.ipld.car\r\n\r\none two\r\n--${boundary}--\r\n`,
  );
  expect(progress).toEqual([4, 7]);
});

test('an endpoint that is not there is told from one that stopped', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const client = new HttpClient({
    endpoints: [`http://127.0.0.1:${port}`],
    backOff: { attempts: 1, firstMs: 1, longestMs: 1 },
  });
  await expect(client.json(get)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
