import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@holdfast/http';
import { onTestFinished } from 'vitest';

export { blocksOf } from '../../../content/test/support/memory-source.ts';

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  cid: string,
) => boolean | Promise<boolean>;

export interface Gateway {
  readonly url: string;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  readonly headers: IncomingMessage['headers'][];
  /** Takes over the answers for which it gives true. */
  answer: Answer | undefined;
}

/** A trustless gateway and Kubo RPC over the given blocks, honest unless told otherwise. */
export async function startGateway(blocks: ReadonlyMap<string, Uint8Array>): Promise<Gateway> {
  const gateway: Gateway & { url: string } = { url: '', requests: [], headers: [], answer: undefined };
  const server = createServer(async (request, response) => {
    gateway.requests.push(`${request.method} ${request.url}`);
    gateway.headers.push(request.headers);
    const url = new URL(request.url ?? '', 'http://gateway');
    const cid = url.searchParams.get('arg') ?? url.pathname.split('/').at(-1) ?? '';
    if ((await gateway.answer?.(request, response, cid)) === true) return;
    const bytes = blocks.get(cid);
    if (bytes === undefined) response.writeHead(404).end('not found');
    else response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}

/** Waits are counted, not waited. */
export function noWait(): { waits: number[]; clock: Clock } {
  const waits: number[] = [];
  return { waits, clock: { now: () => Date.now(), sleep: async (ms) => void waits.push(ms) } };
}
