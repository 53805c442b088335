import { createServer } from 'node:http';

/** A delegated router that knows one provider of everything. */
export async function routerOf(peer: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(({ url = '' }, response) => {
    if (!url.startsWith('/routing/v1/providers/')) return void response.writeHead(404).end();
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ Providers: [{ Schema: 'peer', ID: peer, Addrs: [] }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
