import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../src/clock.ts';
import { fetchTransport } from '../src/fetch-transport.ts';
import { HttpClient, type HttpClientOptions } from '../src/http-client.ts';
import { nodeTransport } from '../src/node/node-transport.ts';
import { HttpServer, sendJson, sendLines } from './http-server.ts';

const get = { method: 'GET', path: '/thing' } as const;
const quick = { attempts: 2, firstMs: 1, longestMs: 2 };

const transports = { node: nodeTransport, fetch: fetchTransport };
const kinds = ['node', 'fetch'] as const;
let kind: (typeof kinds)[number] = 'node';
let server: HttpServer;
let api: HttpClient;
const open = (options: Partial<HttpClientOptions> = {}) =>
  new HttpClient({
    endpoints: [server.url],
    backOff: quick,
    idleMs: 60_000,
    transport: transports[kind](),
    ...options,
  });

beforeEach(async () => {
  server = await HttpServer.open((_, response) => sendJson(response, { fine: true }));
  api = open();
});
afterEach(async () => {
  api.close();
  await server.close();
});

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of lines) values.push(value);
  return values;
}

function over(each: typeof kind): void {
  beforeEach(() => {
    kind = each;
  });
}

describe.each(kinds)('%s: answers', (each) => {
  over(each);

  test('the base path of an endpoint is kept', async () => {
    await open({ endpoints: [`${server.url}/base/path/`] }).json(get);
    expect(server.requests.map(({ url }) => url)).toEqual(['/base/path/thing']);
  });

  test('204 is nothing, as a value and as a stream', async () => {
    server.handle = (_, response) => response.writeHead(204).end();
    expect(await api.json(get)).toBeUndefined();
    expect(await all(api.lines(get))).toEqual([]);
  });

  test('lines are read whatever the pieces they come in', async () => {
    const text = '{"a":"ä€😀"}\n\n{"b":1}\r\n{"c":2}';
    server.handle = async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    };
    expect(await all(api.lines(get))).toEqual([{ a: 'ä€😀' }, { b: 1 }, { c: 2 }]);
  });

  test.each([
    ['HTML', 'text/html', '<html>'],
    ['no type', undefined, '{}'],
  ])('%s in place of JSON is refused, as a value and as a stream', async (_, type, body) => {
    server.handle = (_, response) => response.writeHead(200, type ? { 'content-type': type } : {}).end(body);
    await expect(api.json(get)).rejects.toMatchObject({ code: 'bad-response' });
    await expect(all(api.lines(get))).rejects.toMatchObject({ code: 'bad-response' });
  });

  test('JSON that is none is refused', async () => {
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":\n{"b":1}\n');
    };
    await expect(api.json(get)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('GET /thing'),
    });
    await expect(all(api.lines(get))).rejects.toMatchObject({ code: 'bad-response' });
  });

  test('a body and a line without end are given up at the limit', async () => {
    let stopped = false;
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!stopped && response.write('x'.repeat(60_000)));
      };
      response.on('drain', more).on('close', () => {
        stopped = true;
      });
      more();
    };
    const limited = open({ maxBytes: 1_000_000, maxLineBytes: 100_000 });
    await expect(limited.json(get)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('1000000'),
    });
    await expect.poll(() => stopped).toBe(true);
    stopped = false;
    await expect(all(limited.lines(get))).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('100000'),
    });
    await expect.poll(() => stopped).toBe(true);
  });
});

describe.each(kinds)('%s: truncation', (each) => {
  over(each);

  test('a stream cut in the middle is noticed, after what came before it', async () => {
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":1}\n{"b":2}\n{"c"');
      setTimeout(() => response.destroy(), 20);
    };
    const seen: unknown[] = [];
    const read = async () => {
      for await (const value of api.lines(get)) seen.push(value);
    };
    await expect(read()).rejects.toMatchObject({ code: 'truncated', retryable: true });
    expect(seen).toEqual([{ a: 1 }]);
  });

  test('a stream without a length that ends in the middle of a line is noticed', async () => {
    server.handle = (request) => {
      request.socket.end('HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{"a":1}\n{"b":');
    };
    await expect(all(api.lines(get))).rejects.toMatchObject({ code: 'truncated' });
  });

  test('a value shorter than its length is noticed', async () => {
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"a":1}');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(api.json(get)).rejects.toMatchObject({ code: 'truncated' });
  });
});

describe.each(kinds)('%s: time', (each) => {
  over(each);

  test.each<[string, (socket: Socket) => void]>([
    ['takes the request and says nothing', () => {}],
    ['sends its head byte by byte', (socket) => drip(socket, `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(500)}`)],
    [
      'stops after the head',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n'),
    ],
    [
      'sends its body byte by byte',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
        drip(socket, `{"a":"${'x'.repeat(500)}`);
      },
    ],
  ])('an endpoint that %s is given up', async (_, behave) => {
    server.handle = (request) => behave(request.socket);
    const hasty = open({ idleMs: 100, backOff: { ...quick, attempts: 1 } });
    await expect(hasty.json(get)).rejects.toMatchObject({ code: 'timeout', retryable: true });
  });

  test('a reader that is slow is not taken for a silent endpoint', { tags: ['slow'] }, async () => {
    const line = { text: 'x'.repeat(50_000) };
    server.handle = (_, response) =>
      sendLines(
        response,
        Array.from({ length: 100 }, () => line),
      );
    const patient = open({ idleMs: 3_000 });
    let count = 0;
    for await (const _ of patient.lines(get)) {
      count += 1;
      if (count === 40) await new Promise((resolve) => setTimeout(resolve, 4_000));
    }
    expect(count).toBe(100);
  });

  test('the signal of the caller ends a call at any point', async () => {
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":1}\n');
    };
    const patient = open({ idleMs: 60_000 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    await expect(all(patient.lines(get, controller.signal))).rejects.toMatchObject({ code: 'aborted' });
    await expect(patient.json(get, AbortSignal.timeout(30))).rejects.toMatchObject({ code: 'timeout' });
    server.handle = (_, response) => sendJson(response, {}, 503);
    const waiting = open({ backOff: { attempts: 5, firstMs: 60_000, longestMs: 60_000 } });
    await expect(waiting.json(get, AbortSignal.timeout(30))).rejects.toMatchObject({ code: 'timeout' });
  });

  test('leaving a stream early closes the connection', async () => {
    let closed = false;
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write('{"a":1}\n'), 5);
      response.on('close', () => {
        closed = true;
        clearInterval(timer);
      });
    };
    for await (const _ of api.lines(get)) break;
    await expect.poll(() => closed).toBe(true);
  });
});

function drip(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(text[sent++] ?? 'x'), 20);
  socket.on('close', () => clearInterval(timer)).on('error', () => {});
}

describe.each(kinds)('%s: refusals and faults', (each) => {
  over(each);

  test.each([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'not-found'],
    [409, 'invalid'],
    [413, 'invalid'],
    [431, 'invalid'],
    [501, 'unsupported'],
  ])('%i is asked once', async (status, code) => {
    server.handle = (_, response) => sendJson(response, { code: status, message: 'no, because' }, status);
    const call = api.json(get);
    await expect(call).rejects.toMatchObject({ code, status, retryable: false });
    await expect(call).rejects.toThrow(/no, because/);
    expect(server.requests).toHaveLength(1);
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('%i is asked again', async (status) => {
    server.handle = (_, response) => {
      server.handle = (_, again) => sendJson(again, { fine: true });
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>');
    };
    expect(await api.json(get)).toEqual({ fine: true });
    expect(server.requests).toHaveLength(2);
  });

  test('401 names the kind of credentials that was tried, and the realm', async () => {
    server.handle = (_, response) =>
      response
        .writeHead(401, { 'www-authenticate': 'Basic realm="Restricted"' })
        .end('{"code":401,"message":"access denied"}');
    const basic = open({ auth: { basic: { user: 'u', password: 'pass-word' } } });
    await expect(basic.json(get)).rejects.toThrow(
      '401 to basic credentials (realm "Restricted"): access denied',
    );
    await expect(open({ auth: { bearer: 'tok' } }).json(get)).rejects.toThrow('401 to bearer credentials');
    await expect(api.json(get)).rejects.toThrow('401 to no credentials');
  });

  test('a redirect is not followed: credentials go nowhere else', async () => {
    await using other = await HttpServer.open((_, response) => sendJson(response, { stolen: true }));
    for (const status of [301, 302, 303, 307, 308]) {
      server.handle = (_, response) =>
        response.writeHead(status, { location: `${other.url}/thing?leak` }).end();
      await expect(open({ auth: { bearer: 'tok' } }).json(get)).rejects.toMatchObject({
        code: 'bad-response',
        message: expect.stringContaining(`redirect to ${other.url};`),
      });
    }
    expect(other.requests).toEqual([]);
  });

  test('Retry-After is waited for', async () => {
    const sleeps: number[] = [];
    let now = 0;
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        sleeps.push(ms);
        now += ms;
      },
    };
    server.handle = (_, response) => {
      server.handle = (_, again) => sendJson(again, { fine: true });
      response.writeHead(429, { 'retry-after': '7' }).end();
    };
    expect(await open({ clock }).json(get)).toEqual({ fine: true });
    expect(sleeps).toEqual([7_000]);
    server.handle = (_, response) => response.writeHead(503, { 'retry-after': '3600' }).end();
    await expect(open({ clock }).json(get)).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 3_600_000,
      message: expect.stringContaining('it asks for a pause of 3600 s'),
    });
    expect(sleeps).toEqual([7_000]);
  });

  test('an endpoint that asked to be left alone is, while another answers', async () => {
    await using other = await HttpServer.open((_, response) => sendJson(response, { from: 'other' }));
    server.handle = (_, response) => response.writeHead(503, { 'retry-after': '50' }).end();
    const both = open({ endpoints: [server.url, other.url] });
    for (let call = 0; call < 5; call += 1) expect(await both.json(get)).toEqual({ from: 'other' });
    expect(server.requests).toHaveLength(1);
  });

  test('a caller without patience does not make an endpoint rest', async () => {
    const pauses: number[] = [];
    const sleep: Clock['sleep'] = async (ms) => void pauses.push(ms);
    const one = open({ clock: { now: systemClock.now, sleep } });
    server.handle = () => {};
    for (let call = 0; call < 4; call += 1) {
      const hasty = one.json(get, AbortSignal.timeout(20));
      await expect(hasty).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringContaining('time limit was reached'),
      });
    }
    server.handle = (_, response) => sendJson(response, { fine: true });
    expect(await one.json(get)).toEqual({ fine: true });
    expect(pauses).toEqual([]);
  });

  test('an endpoint that asked for years is tried again after an hour', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: async () => {} };
    server.handle = (_, response) => {
      server.handle = (_, again) => sendJson(again, { fine: true });
      response.writeHead(429, { 'retry-after': '999999999' }).end();
    };
    const one = open({ clock });
    await expect(one.json(get)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(one.json(get)).rejects.toThrow('paused after failures');
    now += 3_600_000;
    expect(await one.json(get)).toEqual({ fine: true });
  });
});

describe.each(kinds)('%s: several endpoints', (each) => {
  over(each);

  test.each<[string, HttpServer['handle']]>([
    ['answers 500', (_, response) => sendJson(response, { message: 'rpc failed' }, 500)],
    ['answers 502', (_, response) => response.writeHead(502).end()],
    ['hangs', () => {}],
    ['cuts', (request) => request.socket.destroy()],
    [
      'is somebody else',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('hello'),
    ],
  ])('one that %s is passed over', { tags: ['slow'] }, async (_, behave) => {
    server.handle = behave;
    await using other = await HttpServer.open((_, response) => sendLines(response, [{ from: 'other' }]));
    const both = open({ endpoints: ['http://127.0.0.1:1', server.url, other.url] });
    expect(await both.json(get)).toEqual({ from: 'other' });
    expect(await all(both.lines(get))).toEqual([{ from: 'other' }]);
  });

  test('one that refuses is believed', async () => {
    server.handle = (_, response) => sendJson(response, { message: 'no' }, 400);
    await using other = await HttpServer.open((_, response) => sendJson(response, {}));
    await expect(open({ endpoints: [server.url, other.url] }).json(get)).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(other.requests).toEqual([]);
  });

  test('when none answers, each is named with its reason', async () => {
    const none = open({ endpoints: ['http://127.0.0.1:2', 'http://127.0.0.1:3/base'] });
    const call = none.json(get);
    await expect(call).rejects.toMatchObject({ code: 'unavailable' });
    await expect(call).rejects.toThrow(
      /127\.0\.0\.1:2: .*ECONNREFUSED.*127\.0\.0\.1:3\/base: .*ECONNREFUSED/,
    );
  });

  test('one that failed three times in a row rests, then is tried by a single call', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: async () => {} };
    server.handle = (_, response) => response.writeHead(502).end();
    await using other = await HttpServer.open((_, response) => sendJson(response, {}, 404));
    // The other one answers, and refuses: the failing one stays first.
    const both = open({ endpoints: [server.url, other.url], clock, breaker: { openMs: 1_000 } });
    const call = () => both.json(get).catch(() => {});
    for (let count = 0; count < 10; count += 1) await call();
    expect(server.requests).toHaveLength(3);
    now += 1_001;
    await Promise.all([call(), call(), call()]);
    expect(server.requests).toHaveLength(4);
    now += 1_001;
    await call();
    expect(server.requests).toHaveLength(4);
    now += 1_000;
    server.handle = (_, response) => sendJson(response, { fine: true });
    expect(await both.json(get)).toEqual({ fine: true });
    expect(await both.json(get)).toEqual({ fine: true });
  });
});

test.each([
  [undefined, 'got none'],
  [[], 'got none'],
  ['http://127.0.0.1:1', 'got a text: put it into a list'],
])('endpoints that are %j are refused in a sentence', (endpoints, message) => {
  const options = { endpoints } as unknown as HttpClientOptions;
  expect(() => new HttpClient(options)).toThrow(`endpoints expected at least one address, ${message}`);
});

describe('what only node:http sees', () => {
  over('node');

  test('something that does not speak HTTP is told from something that does not answer', async () => {
    const raw = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const address = raw.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await expect(open({ endpoints: [`http://127.0.0.1:${port}`] }).json(get)).rejects.toMatchObject({
      code: 'bad-response',
    });
    raw.close();
  });

  test('the error in the trailer is noticed, though the body is well formed', async () => {
    server.handle = (_, response) => sendLines(response, [{ a: 1 }], 'context canceled');
    await expect(all(api.lines(get))).rejects.toMatchObject({
      code: 'truncated',
      message: expect.stringContaining('context canceled'),
    });
    server.handle = (_, response) => sendLines(response, [{ a: 1 }], '');
    expect(await all(api.lines(get))).toEqual([{ a: 1 }]);
  });

  test('a kept connection that the server closed meanwhile is no failure', async () => {
    const one = open({ backOff: { ...quick, attempts: 1 } });
    await one.json(get);
    server.handle = (request) => {
      server.handle = (_, response) => sendJson(response, { again: true });
      request.socket.destroy();
    };
    expect(await one.json(get)).toEqual({ again: true });
  });
});
