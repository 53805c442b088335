import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { carOf, readCar } from '@holdfast/content';

export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** What is given in place of a block, to play a gateway that lies. */
  tamper?: (bytes: Uint8Array) => Uint8Array;
  onAsked?: () => void;
  /** Answers wait for it. */
  before?: () => Promise<void>;
}

/** A trustless gateway that has the blocks of one folder. */
export async function gatewayOf(folder: string): Promise<Gateway> {
  const blocks = new Map<string, Uint8Array>();
  for await (const { cid, bytes } of readCar(carOf(folder))) blocks.set(String(cid), bytes);
  const server = createServer(async (request, response) => {
    gateway.onAsked?.();
    await gateway.before?.();
    const cid = /^\/ipfs\/([a-z0-9]+)\?format=raw$/.exec(request.url ?? '')?.[1] ?? '';
    const block = blocks.get(cid);
    response.writeHead(block ? 200 : 404, { 'content-type': 'application/vnd.ipld.raw' });
    response.end(block && (gateway.tamper?.(block) ?? block));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gateway;
}
