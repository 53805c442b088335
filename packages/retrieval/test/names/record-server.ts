import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A router that keeps records as the specification says, or does what it is told to. */
export interface RecordServer {
  readonly url: string;
  /** By name, as they travel. */
  readonly records: Map<string, Uint8Array>;
  /** Requests so far, by method. */
  readonly asked: string[];
  /** Records it has given. */
  given: number;
  /** Connections that wait for an answer now. */
  readonly open: () => number;
  /** `drops`: it says success and keeps nothing. */
  behaviour: 'honest' | 'hangs' | 'fails' | 'drops';
  delayMs: number;
}

const type = 'application/vnd.ipfs.ipns-record';

export async function recordServer(): Promise<RecordServer> {
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    setTimeout(() => void answer(request, response), state.delayMs);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    state.asked.push(method);
    const name = /^\/routing\/v1\/ipns\/([0-9a-z]+)$/.exec(url)?.[1];
    if (state.behaviour === 'hangs') return;
    if (state.behaviour === 'fails') return void response.writeHead(500).end('the datastore is closed');
    if (name === undefined) return void response.writeHead(400).end();
    if (method === 'GET') {
      const record = state.records.get(name);
      if (record === undefined)
        return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      state.given += 1;
      return void response.writeHead(200, { 'content-type': type }).end(record);
    }
    const parts: number[] = [];
    for await (const part of request) parts.push(...(part as Buffer));
    if (state.behaviour === 'honest') state.records.set(name, Uint8Array.from(parts));
    response.writeHead(200).end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const state: RecordServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records: new Map(),
    asked: [],
    given: 0,
    open: () => open,
    behaviour: 'honest',
    delayMs: 0,
  };
  return state;
}
