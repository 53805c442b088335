import { randomBytes } from 'node:crypto';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { numberedCid } from './compliance.ts';

// Why content that exists waits behind content that does not: the order of a run follows from this.

const places = 2;
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ peers: 1, concurrentPins: places });
}, 120_000);
afterAll(async () => cluster.close());

const ask = (cid: string, method: 'GET' | 'POST' | 'DELETE') =>
  cluster.peers[0].request(`/pins/${cid}`, method);

async function statusOf(cid: string): Promise<string> {
  const { peer_map } = (await (await ask(cid, 'GET')).json()) as {
    peer_map: Record<string, { status: string }>;
  };
  return Object.values(peer_map)[0]?.status ?? 'none';
}

test('a peer pins so many CIDs at a time, and content that no node has keeps its place', async () => {
  const absent = Array.from({ length: places }, (_, index) => numberedCid(9_000 + index));
  for (const cid of absent) await ask(cid, 'POST');
  await vi.waitFor(async () =>
    expect(await Promise.all(absent.map(statusOf))).toEqual(absent.map(() => 'pinning')),
  );
  const present = await cluster.addContent(randomBytes(200));
  await ask(present, 'POST');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await statusOf(present)).toBe('pin_queued');

  // A place that comes free is what it waited for.
  await ask(absent[0] ?? '', 'DELETE');
  await vi.waitFor(async () => expect(await statusOf(present)).toBe('pinned'), { timeout: 20_000 });
});
