// @module-tag slow
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import 'kubo-rpc-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Handler, HttpServer, sendJson, sendLines } from '../../../http/test/http-server.ts';
import type { PinTarget } from '../../src/target/target.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { KuboTarget } from '../../src/targets/kubo/kubo-target.ts';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';
import { carOf, leafOf } from './car.ts';
import { noContent, statesOf, wanted } from './compliance.ts';

const secret = 's3cr3t-"väl%ue/+';
const token = 'eyJhbGciOiJIUzI1NiJ9.s3cr3t.value';
const user = 'keeper';

/** All the ways in which a server could show a secret that it was sent. */
function spellings(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64');
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64];
}
const forbidden = [secret, token, `${user}:${secret}`].flatMap(spellings);
/** Half a secret is one too. */
const beginnings = forbidden.map((spelling) => spelling.slice(0, 8));

/** Servers that show what they were sent wherever there is room for it. */
const echo = (request: Parameters<Handler>[0]) => {
  const header = request.headers.authorization ?? '';
  const decoded = Buffer.from(header.replace(/^\w+ /, ''), 'base64').toString();
  return { header, decoded, password: decoded.slice(user.length + 1) };
};

const servers: [string, Handler][] = [
  ...[301, 400, 401, 403, 404, 429, 431, 500, 502].map((status): [string, Handler] => [
    `${status} that echoes`,
    (request, response) => {
      const { header, decoded, password } = echo(request);
      response.writeHead(status, {
        'content-type': 'application/json',
        'www-authenticate': `Basic realm="${encodeURIComponent(password)} ${header}"`,
        location: `http://127.0.0.1:9/?${encodeURIComponent(header)}`,
      });
      response.end(
        JSON.stringify({ code: status, message: `${header} ${decoded} ${password}`, Message: header }),
      );
    },
  ]),
  [
    'a long error with the secret at the cut',
    (request, response) => {
      const { header, password } = echo(request);
      const value = password || header;
      response.writeHead(500).end(`${'x'.repeat(490)}${value}${value}`);
    },
  ],
  [
    'JSON that is none',
    (request, response) => {
      const { header } = echo(request);
      response.writeHead(200, { 'content-type': 'application/json' }).end(`${header}${header}\n`);
    },
  ],
  [
    'another type',
    (request, response) =>
      response
        .writeHead(200, { 'content-type': `text/${echo(request).header.replace(/[^\x20-\x7e]/g, '')}` })
        .end(),
  ],
  [
    'a stream that breaks',
    (request, response) =>
      sendLines(response, [{ cid: noContent }], `failed: ${encodeURIComponent(echo(request).header)}`),
  ],
  [
    'another value',
    (request, response) => sendJson(response, { cid: echo(request).header, status: echo(request).header }),
  ],
  ['a cut', (request) => request.socket.destroy()],
  ['silence', () => {}],
];

async function failures(target: PinTarget): Promise<unknown[]> {
  const calls: (() => Promise<unknown>)[] = [
    () => target.inspect(),
    () => statesOf(target.observe()),
    () => statesOf(target.observe([noContent])),
    () => target.pin(noContent, wanted()),
    () => target.unpin(noContent),
    () => target.recover(noContent),
    () => target.inspect({ signal: AbortSignal.abort(new Error('stopped')) }),
  ];
  if (target instanceof ClusterTarget) {
    const leaf = leafOf(randomBytes(10));
    calls.push(
      () => target.addCar(() => carOf([leaf], 50), { idleMs: 50 }),
      () => target.issueToken(),
      () => target.healthGraph(),
      () => target.alerts(),
    );
  }
  const results = await Promise.allSettled(calls.map((call) => call()));
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}

/** Everything of an error that anybody could print, its causes included. */
function printed(error: unknown): string {
  const own = error instanceof Error ? [error.message, error.stack, String(error), printed(error.cause)] : [];
  const deep = inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  const buffers = [...deep.matchAll(/<Buffer ([0-9a-f ]+)/g)].map((match) =>
    Buffer.from((match[1] ?? '').replaceAll(' ', ''), 'hex').toString(),
  );
  return [deep, JSON.stringify(error) ?? '', ...own, ...buffers].join('\n');
}

function expectNoSecret(text: string): void {
  for (const spelling of beginnings) if (text.includes(spelling)) expect.fail(`the secret shows: ${text}`);
}

const backOff = { attempts: 2, firstMs: 1, longestMs: 1 };
const breaker = { openMs: 1, maxOpenMs: 1 };
const targets: [string, (url: string) => PinTarget][] = [
  [
    'ClusterTarget, basic',
    (url) =>
      new ClusterTarget({
        endpoints: [url],
        auth: { basic: { user, password: secret } },
        backOff,
        breaker,
        idleMs: 50,
      }),
  ],
  [
    'ClusterTarget, bearer',
    (url) =>
      new ClusterTarget({
        endpoints: [url, `${url}/other`],
        auth: { bearer: token },
        backOff,
        breaker,
        idleMs: 50,
      }),
  ],
  [
    'PinningServiceTarget',
    (url) => new PinningServiceTarget({ endpoint: url, token, backOff, breaker, idleMs: 50 }),
  ],
  [
    'KuboTarget',
    (url) =>
      new KuboTarget({
        endpoints: [url],
        auth: { basic: { user, password: secret } },
        callTimeoutMs: 400,
        pinTimeoutMs: 400,
      }),
  ],
];

describe.each(targets)('%s never shows its secret', (_, targetAt) => {
  let server: HttpServer;
  beforeAll(async () => {
    server = await HttpServer.open(() => {});
  });
  afterAll(() => server.close());

  test.each(servers)('to %s', async (_, handle) => {
    server.handle = handle;
    server.requests.length = 0;
    const target = targetAt(server.url);
    const errors = await failures(target);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expectNoSecret(printed(error));
    expectNoSecret(inspect(target, { depth: 20, showHidden: true }) + JSON.stringify(target) + target.label);
    for (const { url } of server.requests) expectNoSecret(url);
    // The attack is one: the server does know the secret.
    const heard = server.requests.map(({ headers }) => headers.authorization).join();
    expect(forbidden.some((spelling) => heard.includes(spelling))).toBe(true);
  });

  test('to nobody, and to what does not speak HTTP', async () => {
    const raw = createServer((socket) => {
      socket.on('data', (data) => socket.end(data)).on('error', () => {});
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const address = raw.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const url of ['http://127.0.0.1:1', `http://127.0.0.1:${port}`]) {
      const errors = await failures(targetAt(url));
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expectNoSecret(printed(error));
    }
    raw.close();
  });
});

describe('a secret that cannot be used', () => {
  test.each<[string, () => unknown]>([
    [
      'a token with a line break',
      () => new ClusterTarget({ endpoints: ['http://127.0.0.1:1'], auth: { bearer: `${token}\n` } }),
    ],
    ['an empty token', () => new ClusterTarget({ endpoints: ['http://127.0.0.1:1'], auth: { bearer: '' } })],
    [
      'an empty password',
      () => new ClusterTarget({ endpoints: ['http://127.0.0.1:1'], auth: { basic: { user, password: '' } } }),
    ],
    [
      'credentials in the address',
      () => new ClusterTarget({ endpoints: [`http://${user}:${encodeURIComponent(secret)}@127.0.0.1:1`] }),
    ],
    [
      'a token in the address',
      () => new ClusterTarget({ endpoints: [`http://127.0.0.1:1/?token=${token}`] }),
    ],
    ['an address that is a token', () => new ClusterTarget({ endpoints: [token] })],
  ])('%s is refused without being shown', (_, make) => {
    let thrown: unknown;
    try {
      make();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'invalid' });
    expectNoSecret(printed(thrown).replace(/^ *at .*$/gm, ''));
  });
});
