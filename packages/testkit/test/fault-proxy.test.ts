import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../src/index.ts';

const body = Buffer.from('0123456789'.repeat(1_000));
let target: Server;
let proxy: FaultProxy;

beforeAll(async () => {
  target = createServer(async (request, response) => {
    if (request.url?.startsWith('/echo')) {
      response.writeHead(201, 'Made', { 'x-method': request.method ?? '', 'x-url': request.url });
      for await (const chunk of request) response.write(chunk);
      response.end();
    } else if (request.url === '/trailer') {
      response.writeHead(200, { trailer: 'X-Stream-Error' }).write('part');
      response.addTrailers({ 'X-Stream-Error': 'lost a peer' });
      response.end();
    } else response.writeHead(200, { 'content-length': body.length }).end(body);
  });
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => target.close(done)));
beforeEach(async () => {
  proxy = await startFaultProxy(`http://127.0.0.1:${(target.address() as AddressInfo).port}`);
});
afterEach(() => proxy.close());

const get = (path = '/', signal?: AbortSignal) => fetch(proxy.url + path, signal ? { signal } : {});

describe('startFaultProxy', () => {
  it('passes requests and answers as they are', async () => {
    const sent = new Uint8Array(100_000).fill(7);
    const answer = await fetch(`${proxy.url}/echo?a=%20b`, { method: 'PUT', body: sent });
    expect([answer.status, answer.statusText]).toEqual([201, 'Made']);
    expect(answer.headers.get('x-method')).toBe('PUT');
    expect(answer.headers.get('x-url')).toBe('/echo?a=%20b');
    expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(sent))).toBe(true);
    expect(proxy.requests).toEqual([{ method: 'PUT', path: '/echo?a=%20b' }]);
    expect(proxy.connections()).toBe(1);
  });

  it('passes trailers', async () => {
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      httpRequest(`${proxy.url}/trailer`, done).on('error', fail).end();
    });
    for await (const _ of answer);
    expect(answer.trailers).toEqual({ 'x-stream-error': 'lost a peer' });
  });

  it('passes a 204 that announces a trailer, as a cluster sends for an empty pinset', async () => {
    // Node's own server refuses to write such a head; Go's does not.
    const server = createTcpServer((socket) =>
      socket.on('data', () =>
        socket.end('HTTP/1.1 204 No Content\r\nTrailer: X-Stream-Error\r\nX-Peer: a\r\n\r\n'),
      ),
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    await using empty = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const answer = await fetch(`${empty.url}/allocations`);
    expect([answer.status, answer.headers.get('x-peer'), await answer.text()]).toEqual([204, 'a', '']);
    await new Promise((done) => server.close(done));
  });

  it('resets the connection', async () => {
    proxy.inject({ kind: 'reset' });
    await expect(get()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('hangs before and after the headers', async () => {
    const undo = proxy.inject({ kind: 'hang' });
    await expect(get('/', AbortSignal.timeout(200))).rejects.toThrow(/timeout/);
    undo();
    proxy.inject({ kind: 'hang', after: 'headers' });
    const patience = new AbortController();
    const answer = await get('/', patience.signal);
    expect(answer.status).toBe(200);
    setTimeout(() => patience.abort(new Error('nothing came')), 200);
    await expect(answer.text()).rejects.toThrow('nothing came');
  });

  it('cuts the body after exactly so many bytes', async () => {
    proxy.inject({ kind: 'cut', afterBytes: 1_234 });
    const answer = await get();
    const received: Buffer[] = [];
    const read = async () => {
      for await (const chunk of answer.body ?? []) received.push(Buffer.from(chunk));
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(Buffer.concat(received).equals(body.subarray(0, 1_234))).toBe(true);
  });

  it('changes one byte', async () => {
    proxy.inject({ kind: 'corrupt', atByte: 5_000 });
    const received = Buffer.from(await (await get()).arrayBuffer());
    const expected = Buffer.from(body);
    expected[5_000] = (expected[5_000] ?? 0) ^ 1;
    expect(received.equals(expected)).toBe(true);
  });

  it('delays and trickles', async () => {
    proxy.inject({ kind: 'slow', delayMs: 150, bytesPerSecond: 40_000 });
    const start = performance.now();
    const received = Buffer.from(await (await get()).arrayBuffer());
    expect(performance.now() - start).toBeGreaterThan(350);
    expect(received.equals(body)).toBe(true);
  });

  it('answers in place of the target, as often as told, to what matches', async () => {
    proxy.inject(
      { kind: 'answer', status: 503, headers: { 'retry-after': '1' }, body: 'later' },
      { method: 'GET', path: /^\/busy/, times: 2 },
    );
    const statuses = [];
    for (const path of ['/', '/busy', '/busy?x', '/busy']) statuses.push((await get(path)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    expect(proxy.requests.map((it) => it.fault?.kind)).toEqual([undefined, 'answer', 'answer', undefined]);
    proxy.inject({ kind: 'answer', status: 500 });
    proxy.clear();
    expect((await get()).status).toBe(200);
  });

  it('goes down and comes up at the same address', async () => {
    expect((await get()).status).toBe(200);
    await proxy.down();
    await expect(get()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await proxy.up();
    expect((await get()).status).toBe(200);
  });
});
