import { createServer, type RequestListener } from 'node:http';

export type WebServer = AsyncDisposable & { readonly url: string };

/** A server of one test, on a port of its own. */
export async function webServer(answer: RequestListener): Promise<WebServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
