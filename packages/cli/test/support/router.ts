import { type WebServer, webServer } from './web-server.ts';

/** A delegated router that knows one provider of everything. */
export function routerOf(peer: string): Promise<WebServer> {
  return webServer(({ url = '' }, response) => {
    if (!url.startsWith('/routing/v1/providers/')) return void response.writeHead(404).end();
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ Providers: [{ Schema: 'peer', ID: peer, Addrs: [] }] }));
  });
}
