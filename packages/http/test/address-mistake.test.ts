import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchTransport } from '../src/fetch-transport.ts';
import { HttpClient } from '../src/http-client.ts';
import { nodeTransport } from '../src/node/node-transport.ts';
import { HttpServer, sendJson } from './http-server.ts';

const get = { method: 'GET', path: '/thing' } as const;
/** A label of 64 letters: no resolver is asked for it. */
const nowhere = `http://${'x'.repeat(64)}.example`;
let server: HttpServer;

beforeEach(async () => {
  server = await HttpServer.open((_, response) => sendJson(response, { fine: true }));
});
afterEach(() => server.close());

describe.each([
  ['node', nodeTransport],
  ['fetch', fetchTransport],
])('%s: a mistake in the address', (_, transport) => {
  const client = (...endpoints: string[]) =>
    // A retry would outlast the test.
    new HttpClient({
      endpoints,
      transport: transport(),
      backOff: { attempts: 9, firstMs: 60_000, longestMs: 60_000 },
    });

  test('https:// where the server speaks http:// is named at once', async () => {
    const https = server.url.replace('http:', 'https:');
    await expect(client(https).json(get)).rejects.toMatchObject({
      code: 'wrong-address',
      retryable: false,
      message: `${https}: the server does not speak TLS; try ${server.url}`,
    });
  });

  test('http:// where the server speaks TLS is named at once', async () => {
    server.handle = (_, response) =>
      response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
    await expect(client(server.url).json(get)).rejects.toMatchObject({
      code: 'wrong-address',
      message: `${server.url}: the server speaks TLS; try ${server.url.replace('http:', 'https:')}`,
    });
  });

  test('a host that does not exist is named at once', async () => {
    await expect(client(nowhere).json(get)).rejects.toMatchObject({
      code: 'wrong-address',
      message: expect.stringContaining('does not exist'),
    });
  });

  test('does not stop the other endpoints', async () => {
    expect(await client(nowhere, server.url).json(get)).toEqual({ fine: true });
  });
});
