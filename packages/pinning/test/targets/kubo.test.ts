import 'kubo-rpc-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Handler, HttpServer, sendJson } from '../../../http/test/http-server.ts';
import { KuboTarget, type KuboTargetOptions } from '../../src/targets/kubo/kubo-target.ts';
import { copiesOf, noContent, stateOf, statesOf, wanted } from './compliance.ts';

const id = '12D3KooWHHX2tesL6xiBm9AuYauPFzuh6M9GPSeGLvSKazHoCUhL';
const identity = { ID: id, PublicKey: '', Addresses: [], AgentVersion: 'kubo/0.43.0/', Protocols: [] };

/** Kubo as strict as it is: POST alone, and not to browsers. */
function node(commands: Readonly<Record<string, Handler>>): Handler {
  return (request, response) => {
    const browser =
      request.headers.origin !== undefined || /mozilla/i.test(request.headers['user-agent'] ?? '');
    if (request.method !== 'POST') return response.writeHead(405).end('405 - Method Not Allowed');
    if (browser) return response.writeHead(403).end('403 - Forbidden');
    const command = new URL(request.url ?? '', 'http://kubo').pathname.replace('/api/v0/', '');
    const handle = commands[command];
    if (handle) return handle(request, response);
    if (command === 'id') return sendJson(response, identity);
    if (command === 'files/write') return request.resume().on('end', () => response.end());
    return sendJson(response, { Message: `'${noContent}' is not pinned`, Code: 0, Type: 'error' }, 500);
  };
}

let server: HttpServer;
const open = (options: Partial<KuboTargetOptions> = {}) =>
  new KuboTarget({ endpoints: [server.url], callTimeoutMs: 500, pinTimeoutMs: 500, ...options });

beforeEach(async () => {
  server = await HttpServer.open(node({}));
});
afterEach(() => server.close());

test('a node that refuses the credentials ends the call: it is not taken for one that is down', async () => {
  server.handle = (_, response) => response.writeHead(401).end('Unauthorized');
  const target = open({ auth: { bearer: 'a-wrong-token' } });
  await expect(statesOf(target.observe([noContent]))).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('401 to bearer credentials'),
  });
});

test('a redirect to another host does not take the credentials along', async () => {
  await using other = await HttpServer.open((_, response) => sendJson(response, identity));
  server.handle = (_, response) => response.writeHead(307, { location: `${other.url}/api/v0/id` }).end();
  await open({ auth: { bearer: 'a-token' } })
    .inspect()
    .catch(() => {});
  expect(server.requests[0]?.headers.authorization).toBe('Bearer a-token');
  for (const { headers } of other.requests) expect(headers.authorization).toBeUndefined();
});

test.each<[string, string, Handler]>([
  ['a node that hangs', 'timeout', () => {}],
  ['a node that cuts', 'unavailable', (request) => request.socket.destroy()],
  ['a proxy without a node', 'unavailable', (_, response) => response.writeHead(502).end('<html>')],
  ['something that is no node', 'bad-response', (_, response) => response.writeHead(404).end('not found')],
])('%s fails the pin as %s', async (_, code, handle) => {
  server.handle = node({ 'pin/add': handle });
  await expect(open().pin(noContent, wanted())).rejects.toMatchObject({ code });
});

test('a node that fails to pin is passed over for the next', async () => {
  let pinned = false;
  await using good = await HttpServer.open(
    node({
      id: (_, response) =>
        sendJson(response, { ...identity, ID: '12D3KooWEMQR4ZMuPywYdCT8PUETQ7BDK452jcFm7R1uBRVLsGoD' }),
      'pin/add': (_, response) => {
        pinned = true;
        sendJson(response, { Pins: [noContent] });
      },
    }),
  );
  server.handle = node({ 'pin/add': (_, response) => sendJson(response, { Message: 'disk full' }, 500) });
  for (const endpoints of [
    [server.url, good.url],
    [good.url, server.url],
  ]) {
    pinned = false;
    await open({ endpoints }).pin(noContent, wanted());
    expect(pinned).toBe(true);
  }
});

test('a run that is killed leaves no pin without the record of whose it is', async () => {
  const stop = new AbortController();
  server.handle = node({ 'pin/add': () => stop.abort() });
  await open()
    .pin(noContent, wanted(), { signal: stop.signal })
    .catch(() => {});
  const commands = server.requests.map(({ url }) => url.replace(/^\/api\/v0\/|\?.*$/g, ''));
  expect(commands.filter((command) => /^(pin\/add|files)/.test(command))).toEqual(['files/write', 'pin/add']);
});

test('a node that could not pin keeps no record', async () => {
  server.handle = node({ 'pin/add': (_, response) => sendJson(response, { Message: 'disk full' }, 500) });
  await expect(open().pin(noContent, wanted())).rejects.toThrow('disk full');
  expect(server.requests.at(-1)?.url).toMatch(/files\/rm.*holdfast/);
});

test('a record that cannot be read does not make a pin a stranger', async () => {
  server.handle = node({
    'pin/ls': (_, response) => sendJson(response, { Cid: noContent, Type: 'recursive', Name: 'tides' }),
    'files/read': (_, response) => sendJson(response, { Message: 'datastore closed' }, 500),
  });
  await expect(stateOf(open(), noContent)).rejects.toMatchObject({ code: 'unavailable' });
  expect(copiesOf(await stateOf(open(), noContent, { detail: 'copies' }))).toBe(1);
});

test('a target without nodes is refused', () => {
  expect(() => open({ endpoints: [] })).toThrow('at least one Kubo node');
});
