import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A pinning service that keeps nothing and takes one token. */
export interface PinningService extends AsyncDisposable {
  readonly url: string;
  /** The `Authorization` of each request, in order. */
  readonly presented: readonly (string | undefined)[];
}

export async function pinningServiceWith(token: string): Promise<PinningService> {
  const presented: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    presented.push(request.headers.authorization);
    const allowed = request.headers.authorization === `Bearer ${token}`;
    const known = request.method === 'GET' && request.url?.startsWith('/psa/pins?');
    response.writeHead(allowed ? (known ? 200 : 404) : 401, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        allowed && known
          ? { count: 0, results: [] }
          : { error: { reason: allowed ? 'NOT_FOUND' : 'UNAUTHORIZED' } },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/psa`,
    presented,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
