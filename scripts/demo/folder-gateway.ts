import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalTarget } from '@holdfast/pinning';

/** A trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/) that serves the raw blocks of one folder. */
export async function startFolderGateway(folder: string): Promise<AsyncDisposable & { url: string }> {
  const target = new LocalTarget({ folder });
  const server = createServer(async (request, response) => {
    const cid = /^\/ipfs\/([a-z0-9]+)\?format=raw$/.exec(request.url ?? '')?.[1];
    const block = cid === undefined ? undefined : await target.getBlock(cid).catch(() => undefined);
    response.writeHead(block ? 200 : 404, { 'content-type': 'application/vnd.ipld.raw' }).end(block);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
