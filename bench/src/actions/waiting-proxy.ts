import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Milliseconds since 1970, with fractions: when the request came, and when its answer was passed on. */
  readonly from: number;
  readonly to: number;
}

export interface WaitingProxy {
  readonly url: string;
  readonly exchanges: Exchange[];
  readonly close: () => Promise<void>;
}

const now = () => performance.timeOrigin + performance.now();

/** Stands before a cluster and notes for each request how long the cluster took. */
export async function startWaitingProxy(target: string): Promise<WaitingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const from = now();
    const { method = '', url: path = '', headers } = request;
    const passed = forward(new URL(path, target), { method, headers }, (answer: IncomingMessage) => {
      const status = answer.statusCode ?? 0;
      response.writeHead(status, answer.headers);
      answer.pipe(response);
      answer.once('end', () => exchanges.push({ method, path, status, from, to: now() }));
    });
    passed.once('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, exchanges, close };
}

/** The time in which at least one request was with the cluster, up to an end: requests at once count once. */
export function timeWaited(exchanges: readonly Exchange[], end: number): number {
  let waited = 0;
  let covered = 0;
  for (const { from, to } of exchanges.toSorted((a, b) => a.from - b.from)) {
    const start = Math.max(from, covered);
    const stop = Math.min(to, end);
    if (stop <= start) continue;
    waited += stop - start;
    covered = stop;
  }
  return waited;
}
