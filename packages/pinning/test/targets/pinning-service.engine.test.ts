import { randomBytes } from 'node:crypto';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';
import { compliance, copiesOf, stateOf, statesOf, wanted } from './compliance.ts';

const auth = { user: 'keeper', password: 'pinning-service-password' };
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ peers: 2, auth, replication: { min: 1, max: 2 } });
}, 120_000);
afterAll(async () => cluster.close());

async function open(pageSize = 1_000): Promise<PinningServiceTarget> {
  const token = await new ClusterTarget({ endpoints: cluster.urls, auth: { basic: auth } }).issueToken();
  return new PinningServiceTarget({ endpoint: cluster.peers[0]?.pinningServiceUrl ?? '', token, pageSize });
}

const content = () => cluster.addContent(randomBytes(200));

compliance('PinningServiceTarget on the endpoint of IPFS Cluster', async () => ({
  target: await open(),
  most: 1,
  content,
  async [Symbol.asyncDispose]() {},
}));

test('fact: the cluster removes a request that is replaced by one for the same CID; pin works around it', async () => {
  const service = await open();
  const cid = await content();
  await service.pin(cid, wanted());
  await service.pin(cid, wanted({ name: 'renamed' }));
  // A peer asks Kubo first, then its own state: for a moment there may be a copy without a name.
  await vi.waitFor(async () => {
    const state = await stateOf(service, cid);
    expect([copiesOf(state), state.pin?.name]).toEqual([1, 'renamed']);
  }, 10_000);

  const token = await new ClusterTarget({ endpoints: cluster.urls, auth: { basic: auth } }).issueToken();
  const replaced = await fetch(`${cluster.peers[0]?.pinningServiceUrl}/pins/${cid}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ cid, name: 'replaced' }),
  });
  expect(replaced.status).toBe(200);
  await vi.waitFor(async () => expect((await stateOf(service, cid)).pin).toBeUndefined(), 10_000);
});

test('fact: the cluster does not sort its list, so that pages are any of the pins; it is read whole all the same', async () => {
  const service = await open(5);
  const cids = await Promise.all(Array.from({ length: 30 }, content));
  await Promise.all(cids.map((cid) => service.pin(cid, wanted())));
  // A pin that comes to be while the list is read may be left out: a peer asks Kubo first, then its own state.
  await vi.waitFor(async () => {
    for (const state of await statesOf(service.observe(cids))) expect(copiesOf(state)).toBe(1);
  }, 10_000);
  const all = new Set((await statesOf(service.observe())).map((state) => state.cid));
  for (const cid of cids) expect(all).toContain(cid);
});
