import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import { afterEach, expect, test } from 'vitest';
import { PinningServiceTarget } from '../../src/targets/pinning-service.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A service that does not sort and whose pinset has `counts[i]` pins when it is asked for the i-th time. */
async function service(
  counts: readonly number[],
): Promise<{ target: PinningServiceTarget; asked: number[] }> {
  const asked: number[] = [];
  const server = createServer((request, response) => {
    const limit = Number(new URL(request.url ?? '', 'http://service').searchParams.get('limit'));
    const count = counts[Math.min(asked.length, counts.length - 1)] ?? 0;
    asked.push(limit);
    const results = Array.from({ length: Math.min(limit, count) }, (_, index) => ({
      requestid: `request-${index}`,
      status: 'pinned',
      created: new Date(Date.UTC(2026, 0, 1, 0, (index * 7) % 5, index)).toISOString(),
      pin: {
        cid: CID.createV1(raw.code, Digest.create(0x12, new Uint8Array(32).fill(index + 1))).toString(),
        name: `pin ${index}`,
        origins: [],
        meta: {},
      },
      delegates: [],
      info: {},
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ count, results }));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await new Promise((listening) => server.once('listening', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target: new PinningServiceTarget({ endpoint, token: 'a-token', pageSize: 5 }), asked };
}

async function cidsOf(target: PinningServiceTarget): Promise<string[]> {
  const cids: string[] = [];
  for await (const { cid } of target.observe()) cids.push(cid);
  return cids;
}

test('a list that grows while it is asked for is asked for again', async () => {
  const { target, asked } = await service([14, 38, 38]);
  expect(new Set(await cidsOf(target)).size).toBe(38);
  expect(asked).toEqual([5, 19, 43]);
});

test('a list that grows for ever is an error, not a loop', async () => {
  const { target, asked } = await service(Array.from({ length: 40 }, (_, index) => 100 * (index + 1)));
  await expect(cidsOf(target)).rejects.toMatchObject({ code: 'truncated' });
  expect(asked.length).toBeLessThan(12);
});
