import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { findProviders } from '../src/index.ts';

const cid = 'bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq';
const alice = '12D3KooWRBhwfeP2Y4TCx1SM6s9rUoHhR5STiGwxBhgFRcw3UERE';
const bob = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA';
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function router(answer: RequestListener): Promise<{ readonly url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}` };
}

const peer = (id: string, ...addresses: string[]) => ({ Schema: 'peer', ID: id, Addrs: addresses });
const json =
  (value: object, type = 'application/json'): RequestListener =>
  (_, response) =>
    response.setHeader('content-type', type).end(JSON.stringify(value));

describe('findProviders', () => {
  it('asks the path of the specification, and unites what several routers know', async () => {
    const asked: (string | undefined)[] = [];
    const first = await router((request, response) => {
      asked.push(request.url);
      json({ Providers: [peer(alice, '/ip4/192.0.2.1/tcp/4001')] })(request, response);
    });
    const second = await router((_, response) =>
      response
        .setHeader('content-type', 'application/x-ndjson')
        .end(`${JSON.stringify(peer(alice, '/dns/a.example/tcp/4001'))}\n${JSON.stringify(peer(bob))}\n`),
    );
    expect(await findProviders(cid, [first, second])).toEqual({
      providers: [
        { id: bob, addresses: [] },
        { id: alice, addresses: ['/dns/a.example/tcp/4001', '/ip4/192.0.2.1/tcp/4001'] },
      ],
      faults: [],
    });
    expect(asked).toEqual([`/routing/v1/providers/${cid}`]);
  });

  it.each([
    [
      '404',
      (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(404).end('not found'),
    ],
    ['an empty list', json({ Providers: null })],
    ['what is no provider', json({ Providers: [1, null, { ID: 5 }, { ID: '../x' }, { Schema: 'peer' }] })],
    [
      'half a document',
      (_: unknown, response: Parameters<RequestListener>[1]) =>
        response.setHeader('content-type', 'application/json').end('{"Providers": ['),
    ],
  ])('takes %s for nobody', async (_, answer) => {
    expect(await findProviders(cid, [await router(answer as RequestListener)])).toEqual({
      providers: [],
      faults: [],
    });
  });

  it('names routers that fail, lie about their kind, or hang, and gives what the others know', async () => {
    const good = await router(json({ Providers: [peer(alice)] }));
    const broken = await router((_, response) => response.writeHead(500).end('oops'));
    const page = await router((_, response) => response.setHeader('content-type', 'text/html').end('<html>'));
    const hung = await router(() => {});
    const began = performance.now();
    const { providers, faults } = await findProviders(cid, [broken, page, hung, good], { deadlineMs: 500 });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(providers.map(({ id }) => id)).toEqual([alice]);
    expect(Object.fromEntries(faults.map(({ router: url, fault }) => [url, fault]))).toEqual({
      [broken.url]: expect.stringContaining('500'),
      [page.url]: expect.stringContaining('expected JSON: is it a router?'),
      [hung.url]: 'gave no answer within 500 ms',
    });
  });

  it('reads no more than a few megabytes of an answer', async () => {
    const endless = await router((_, response) => {
      response.setHeader('content-type', 'application/x-ndjson');
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const { providers, faults } = await findProviders(cid, [endless], { deadlineMs: 20_000 });
    expect(providers).toEqual([]);
    expect(faults).toHaveLength(1);
  });

  it('needs a router, and ends when it is told to', async () => {
    await expect(findProviders(cid, [])).rejects.toMatchObject({ code: 'source-invalid' });
    const hung = await router(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(findProviders(cid, [hung], { signal: stop.signal })).rejects.toThrow('enough');
  });
});
