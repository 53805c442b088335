import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startWaitingProxy, timeWaited } from '../src/actions/waiting-proxy.ts';

const exchange = (from: number, to: number) => ({ method: 'GET', path: '/', status: 200, from, to });

it('counts the time of requests at once only once, and none after the end', () => {
  expect(timeWaited([exchange(0, 10), exchange(5, 15), exchange(20, 30)], 100)).toBe(25);
  expect(timeWaited([exchange(20, 30), exchange(0, 10)], 25)).toBe(15);
  expect(timeWaited([exchange(0, 30), exchange(5, 10)], 100)).toBe(30);
});

it('passes requests on and notes how long the server took', async () => {
  const server = createServer(async (request, response) => {
    await sleep(50);
    request.pipe(response.writeHead(201, { 'x-path': request.url ?? '' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startWaitingProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const answer = await fetch(`${proxy.url}/pins/x?a=b`, { method: 'POST', body: 'hello' });
    expect([answer.status, answer.headers.get('x-path'), await answer.text()]).toEqual([
      201,
      '/pins/x?a=b',
      'hello',
    ]);
    const [noted] = proxy.exchanges;
    expect(noted).toMatchObject({ method: 'POST', path: '/pins/x?a=b', status: 201 });
    expect((noted?.to ?? 0) - (noted?.from ?? 0)).toBeGreaterThanOrEqual(45);
  } finally {
    await proxy.close();
    server.close();
  }
});
