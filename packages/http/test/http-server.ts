import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server on loopback that records what it was asked. */
export class HttpServer {
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  readonly #server: Server;
  handle: Handler;

  private constructor(handle: Handler) {
    this.handle = handle;
    this.#server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, url, headers });
      void this.handle(request, response);
    });
  }

  static async open(handle: Handler): Promise<HttpServer> {
    const server = new HttpServer(handle);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** The answer to a stream of the cluster: NDJSON, with the trailer that says whether it is whole. */
export function sendLines(response: ServerResponse, lines: readonly unknown[], streamError = ''): void {
  response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' });
  for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
  response.addTrailers({ 'X-Stream-Error': streamError });
  response.end();
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
