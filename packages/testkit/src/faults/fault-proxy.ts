import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, passAnswer } from './fault.ts';

/** Which requests a fault is for. */
export interface FaultMatch {
  method?: string;
  /** Found in the path with its query. */
  path?: string | RegExp;
  /** How many requests it strikes before it is used up. Default: all. */
  times?: number;
}

/** Stands between a client and one real server, and does to chosen requests what networks do. */
export interface FaultProxy extends AsyncDisposable {
  /** What the client is given in place of the target's URL. */
  url: string;
  /** What came, in order, with the fault that struck it. */
  requests: readonly { method: string; path: string; fault?: Fault }[];
  /** How many connections clients have opened. */
  connections(): number;
  /** Requests that are neither answered whole nor left by the client. */
  openRequests(): number;
  /** Bytes sent to clients, heads included. */
  bytesSent(): number;
  /** Strikes matching requests from now on; the latest fault that matches wins. Gives a function that takes it back. */
  inject(fault: Fault, match?: FaultMatch): () => void;
  clear(): void;
  /** Closes the port and all connections: clients are refused until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

interface Injected {
  fault: Fault;
  match: FaultMatch;
  left: number;
}

export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const requests: { method: string; path: string; fault?: Fault }[] = [];
  let injected: Injected[] = [];
  let connections = 0;
  let openRequests = 0;
  let closedBytes = 0;
  const open = new Set<Socket>();

  const server = createServer((request, response) => {
    const fault = take(request);
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      ...(fault ? { fault } : {}),
    });
    openRequests++;
    response.on('close', () => openRequests--);
    serve(request, response, fault).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    connections++;
    open.add(socket);
    socket.on('close', () => {
      closedBytes += socket.bytesWritten;
      open.delete(socket);
    });
  });
  server.requestTimeout = 0;

  function take(request: IncomingMessage): Fault | undefined {
    const found = injected.findLast(({ match, left }) => left > 0 && matches(request, match));
    if (found) found.left--;
    return found?.fault;
  }

  async function serve(request: IncomingMessage, response: ServerResponse, fault?: Fault): Promise<void> {
    if (fault?.kind === 'reset') request.socket.resetAndDestroy();
    else if (fault?.kind === 'answer') {
      await sleep(fault.delayMs ?? 0);
      response.writeHead(fault.status, fault.headers).end(fault.body);
    } else if (fault?.kind !== 'hang' || fault.after === 'headers') {
      await passAnswer(await ask(request, response), response, fault);
    }
  }

  function ask(request: IncomingMessage, response: ServerResponse): Promise<IncomingMessage> {
    return new Promise((done, fail) => {
      const upstream = httpRequest(
        {
          host: target.hostname,
          port: target.port,
          method: request.method,
          path: target.pathname.replace(/\/$/, '') + request.url,
          headers: request.headers,
          agent: false,
        },
        done,
      );
      upstream.on('error', fail);
      response.on('close', () => upstream.destroy());
      request.pipe(upstream);
    });
  }

  const listen = (port: number) =>
    new Promise<void>((done, fail) => {
      server.once('error', fail).listen(port, '127.0.0.1', () => done());
    });
  const down = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    openRequests: () => openRequests,
    bytesSent: () => [...open].reduce((sum, { bytesWritten }) => sum + bytesWritten, closedBytes),
    inject(fault, match = {}) {
      const entry = { fault, match, left: match.times ?? Number.POSITIVE_INFINITY };
      injected.push(entry);
      return () => {
        injected = injected.filter((it) => it !== entry);
      };
    },
    clear() {
      injected = [];
    },
    down,
    up: () => listen(port),
    close: down,
    [Symbol.asyncDispose]: down,
  };
}

function matches(request: IncomingMessage, { method, path }: FaultMatch): boolean {
  if (method && method !== request.method) return false;
  if (path === undefined) return true;
  const url = request.url ?? '';
  return typeof path === 'string' ? url.includes(path) : path.test(url);
}
