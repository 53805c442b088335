import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient, HttpError } from '@holdfast/http';

const server = createServer((request, response) => {
  const found = request.url === '/v1/tides';
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ? { name: 'tides' } : { message: 'no such dataset' }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const client = new HttpClient({
  endpoints: ['http://127.0.0.1:2', `http://127.0.0.1:${port}/v1`],
  auth: () => ({ bearer: 'a-token' }),
});
console.log(await client.json({ method: 'GET', path: '/tides' }));
// prints: { name: 'tides' }

try {
  await client.json({ method: 'GET', path: '/waves' });
} catch (error) {
  if (error instanceof HttpError) console.log(error.code, error.status, error.retryable);
  // prints: not-found 404 false
}
server.close();
