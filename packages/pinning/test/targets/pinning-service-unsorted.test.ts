import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import { afterEach, expect, test } from 'vitest';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Listed {
  readonly requestid: string;
  readonly created: string;
  readonly pin: { readonly cid: string };
}

/** The pin of this number, of any time between others. */
function listed(number: number, { created, byCid = false }: { created?: string; byCid?: boolean } = {}) {
  const cid = CID.createV1(raw.code, Digest.create(0x12, new Uint8Array(32).fill(number + 1))).toString();
  return {
    requestid: byCid ? cid : `request-${number}`,
    status: 'pinned',
    created: created ?? new Date(Date.UTC(2026, 0, 1, 0, (number * 7) % 5, number)).toISOString(),
    pin: { cid, name: `pin ${number}`, origins: [], meta: {} },
    delegates: [],
    info: {},
  };
}

/** A service that does not sort, as IPFS Cluster's: a page is the first of what `pins` gives for this request. */
async function service(pins: (asked: number) => readonly Listed[]) {
  const asked: number[] = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://service').searchParams;
    const before = query.get('before');
    const matching = pins(asked.length).filter(
      ({ created }) => before === null || Date.parse(created) <= Date.parse(before),
    );
    asked.push(Number(query.get('limit')));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ count: matching.length, results: matching.slice(0, asked.at(-1)) }));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await new Promise((listening) => server.once('listening', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target: new PinningServiceTarget({ endpoint, token: 'a-token', pageSize: 5 }), asked };
}

const many = (count: number) => Array.from({ length: count }, (_, number) => listed(number));

async function cidsOf(target: PinningServiceTarget): Promise<string[]> {
  const cids: string[] = [];
  for await (const { cid } of target.observe()) cids.push(cid);
  return cids;
}

test('a list that grows while it is asked for is asked for again', async () => {
  const { target, asked } = await service((asked) => many([14, 38][asked] ?? 38));
  expect(new Set(await cidsOf(target)).size).toBe(38);
  expect(asked).toEqual([5, 19, 43]);
});

test('a list that grows for ever is an error, not a loop', async () => {
  const { target, asked } = await service((asked) => many(100 * (asked + 1)));
  await expect(cidsOf(target)).rejects.toMatchObject({ code: 'truncated' });
  expect(asked.length).toBeLessThan(12);
});

const [second, earlier] = ['2026-01-01T00:00:09Z', '2026-01-01T00:00:04Z'];

test('requests that go by the CID are those of a cluster: pages that look sorted, for being of one second, are not believed', async () => {
  const pins = Array.from({ length: 30 }, (_, number) =>
    listed(number, { byCid: true, created: number === 9 ? earlier : second }),
  );
  const { target, asked } = await service(() => pins);
  expect(new Set(await cidsOf(target)).size).toBe(30);
  expect(asked).toEqual([5, 35]);
});

test('where pages that look sorted by chance pass some over, the count tells, and it is read again', async () => {
  const pins = Array.from({ length: 30 }, (_, number) =>
    listed(number, { created: number === 4 ? earlier : second }),
  );
  const { target, asked } = await service((at) => (at < 2 ? pins : [...pins.slice(4), ...pins.slice(0, 4)]));
  expect(new Set(await cidsOf(target)).size).toBe(30);
  expect(asked).toEqual([5, 5, 5, 35]);
});

test('a list that never has as many as it counts is an error that says so', async () => {
  const pins = Array.from({ length: 30 }, (_, number) =>
    listed(number, { created: number === 4 ? earlier : second }),
  );
  const { target } = await service(() => pins);
  await expect(cidsOf(target)).rejects.toMatchObject({ code: 'truncated' });
});
