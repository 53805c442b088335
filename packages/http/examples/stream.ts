import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchTransport, HttpClient } from '@holdfast/http';

const server = createServer((request, response) => {
  if (request.url === '/ipfs/cid') response.writeHead(301, { location: '/blocks/cid' }).end();
  else response.writeHead(206).end('2345');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const gateway = new HttpClient({
  endpoints: [`http://127.0.0.1:${port}`],
  transport: fetchTransport({ redirects: 'same-site' }),
});
const range = { first: 2, last: 5 };
const answer = await gateway.stream({ method: 'GET', path: '/ipfs/cid', range }, { maxBytes: 1_000 });
let size = 0;
for await (const chunk of answer.body) size += chunk.length;
console.log(answer.status, size);
// prints: 206 4
server.close();
