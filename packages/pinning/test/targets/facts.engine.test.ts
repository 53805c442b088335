import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { startCluster, type TestCluster, type TestPeer } from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { originCases } from '../origin-cases.ts';
import { copiesOf, noContent, numberedCid, stateOf, statesOf, wanted } from './compliance.ts';

// Each row of the table of facts in the design, on real peers and without this package where it is about the
// engine alone: when an engine behaves otherwise one day, the test that fails says what relied on it.

const auth = { user: 'keeper', password: 'facts-password' };
let cluster: TestCluster;
let first: TestPeer;
let third: TestPeer;
let target: ClusterTarget;

beforeAll(async () => {
  cluster = await startCluster({ peers: 3, auth });
  first = peer(0);
  third = peer(2);
  target = new ClusterTarget({ endpoints: [first.restUrl], auth: { basic: auth } });
}, 120_000);
afterAll(async () => cluster.close());

function peer(index: number): TestPeer {
  const found = cluster.peers[index];
  if (!found) throw new Error(`no peer ${index}`);
  return found;
}

const content = () => cluster.addContent(randomBytes(200));
const post = (cid: string, query: string) => first.request(`/pins/${cid}?${query}`, 'POST');

async function allocationsOf(cid: string): Promise<string[]> {
  const response = await first.request(`/allocations/${cid}`);
  return ((await response.json()) as { allocations: string[] }).allocations;
}

async function statusesOf(cid: string): Promise<string[]> {
  const response = await first.request(`/pins/${cid}`);
  const { peer_map } = (await response.json()) as { peer_map: Record<string, { status: string }> };
  return Object.values(peer_map)
    .map(({ status }) => status)
    .sort();
}

const copies = (cid: string, count: number) =>
  vi.waitFor(async () => expect(copiesOf(await stateOf(target, cid))).toBe(count), {
    timeout: 20_000,
    interval: 100,
  });

/** Allocation goes by metrics, not by who answers: a peer that died is allocated to until its own have expired. */
const freshMetrics = (count: number) =>
  vi.waitFor(async () => expect(await target.metrics('freespace')).toHaveLength(count), {
    timeout: 30_000,
    interval: 200,
  });

describe('replication', () => {
  test('raising only the max is a no-op', async () => {
    const cid = await content();
    await post(cid, 'replication-min=1&replication-max=1');
    await post(cid, 'replication-min=1&replication-max=3');
    expect(await allocationsOf(cid)).toHaveLength(1);
  });

  test('pinning with min as the wanted number raises, and relaxing min afterwards keeps the copies', async () => {
    const cid = await content();
    await post(cid, 'replication-min=1&replication-max=1');
    await post(cid, 'replication-min=3&replication-max=3');
    expect(await allocationsOf(cid)).toHaveLength(3);
    await post(cid, 'replication-min=2&replication-max=3');
    expect(await allocationsOf(cid)).toHaveLength(3);
    await copies(cid, 3);
  });

  test('re-pinning replaces name, metadata, expiry and origins with what the call carries', async () => {
    const cid = await content();
    const origins = [first.kubo.address];
    await target.pin(
      cid,
      wanted({ name: 'a', metadata: { k: 'v' }, expires: '2030-01-01T00:00:00Z', origins }),
    );
    expect((await stateOf(target, cid)).pin).toMatchObject({ name: 'a', metadata: { k: 'v' }, origins });
    await post(cid, 'replication-min=1&replication-max=1');
    const { pin } = await stateOf(target, cid);
    expect(pin).toMatchObject({ name: '', origins: [] });
    expect(pin?.metadata).toEqual({});
    expect(pin?.expires).toBeUndefined();
  });

  test.each(originCases)(
    'an origin that a manifest may name is kept as it is spelled: $name',
    async ({ origin }) => {
      await target.pin(noContent, wanted({ origins: [origin] }));
      expect((await stateOf(target, noContent, { detail: 'pin' })).pin?.origins).toEqual([origin]);
      await target.unpin(noContent);
    },
  );

  test('another spelling of an origin is not kept, and one with a comma is two', async () => {
    const peerId = first.kuboId;
    const pin = (origin: string) => post(noContent, `origins=${encodeURIComponent(origin)}`);
    await pin(`/ip4/192.0.2.1/tcp/04001/p2p/${peerId}`);
    expect((await stateOf(target, noContent)).pin?.origins).toEqual([
      `/ip4/192.0.2.1/tcp/4001/p2p/${peerId}`,
    ]);
    expect((await pin(`/dns4/a,b/tcp/4001/p2p/${peerId}`)).status).toBe(400);
    await target.unpin(noContent);
  });

  test('too few peers is HTTP 500 with words, and is classified by them', async () => {
    const response = await post(noContent, 'replication-min=4&replication-max=4');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('not enough peers to allocate CID. Needed at least: 4');
    await expect(target.pin(noContent, wanted({ min: 4, max: 4 }))).rejects.toMatchObject({
      code: 'not-enough-peers',
      status: 500,
      retryable: false,
    });
  });

  test('min above max, and a time that is past, are HTTP 500 as well', async () => {
    expect((await post(noContent, 'replication-min=3&replication-max=2')).status).toBe(500);
    const past = await post(noContent, 'replication-min=1&replication-max=1&expire-at=2020-01-01T00:00:00Z');
    expect(past.status).toBe(500);
    const call = target.pin(noContent, wanted({ expires: '2020-01-01T00:00:00Z' }));
    await expect(call).rejects.toMatchObject({ code: 'invalid', status: 500 });
  });

  test('some bad options are HTTP 400 and the pin is made all the same: they are refused before they are sent', async () => {
    const cid = await content();
    const response = await post(
      cid,
      'replication-min=2&replication-max=2&name=half&expire-at=tomorrow&meta-a=b',
    );
    expect(response.status).toBe(400);
    expect((await stateOf(target, cid)).pin).toMatchObject({ name: 'half', metadata: {} });
    const other = await content();
    await expect(target.pin(other, wanted({ expires: 'tomorrow' }))).rejects.toMatchObject({
      code: 'invalid',
    });
    expect((await stateOf(target, other)).pin).toBeUndefined();
  });

  test('allocations that are no peers are ignored without a word: they are refused before they are sent', async () => {
    const cid = await content();
    const response = await post(cid, 'replication-min=1&replication-max=1&user-allocations=nobody');
    expect(response.status).toBe(200);
    await expect(target.pin(cid, wanted({ allocations: ['nobody'] }))).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

describe('what is wanted and what is so', () => {
  test('a CID that nobody pinned is 200 with every peer unpinned, and 404 among allocations', async () => {
    expect((await first.request(`/pins/${noContent}`)).status).toBe(200);
    expect(await statusesOf(noContent)).toEqual(['unpinned', 'unpinned', 'unpinned']);
    expect((await first.request(`/allocations/${noContent}`)).status).toBe(404);
    const state = await stateOf(target, noContent);
    expect(state.pin).toBeUndefined();
    expect(state.peers.map(({ state: it }) => it)).toEqual(['absent', 'absent', 'absent']);
  });

  test('remote is not a copy', async () => {
    const cid = await content();
    await target.pin(cid, wanted());
    await copies(cid, 1);
    expect(await statusesOf(cid)).toEqual(['pinned', 'remote', 'remote']);
    expect((await stateOf(target, cid)).peers.filter(({ state }) => state === 'absent')).toHaveLength(2);
  });

  test('content that nobody has stays in the queue or in pinning, with no copy', async () => {
    const cid = numberedCid(8_000_001);
    await target.pin(cid, wanted());
    await vi.waitFor(async () => expect(await statusesOf(cid)).toContain('pinning'), 10_000);
    expect(copiesOf(await stateOf(target, cid))).toBe(0);
    await target.unpin(cid);
  });

  test('lists are NDJSON streams that declare a trailer, and an empty one is 204', async () => {
    const { headers, trailers, status } = await rawGet('/pins');
    expect(status).toBe(200);
    expect(headers.trailer).toBe('X-Stream-Error');
    expect(Object.keys(trailers)).toEqual(['x-stream-error']);
    await cluster.clean();
    expect((await rawGet('/pins')).status).toBe(204);
    expect((await rawGet('/allocations')).status).toBe(204);
    expect(await statesOf(target.observe())).toEqual([]);
  });

  test("each peer's region is a metric", async () => {
    const metrics = await target.metrics('tag:region');
    expect(new Map(metrics.map(({ peer: id, value }) => [id, value]))).toEqual(
      new Map(cluster.peers.map(({ id, region }) => [id, region])),
    );
  });
});

describe('limits and credentials', () => {
  test('request headers far above 4,096 bytes are refused with 431; what is asked in batches never is', async () => {
    const cids = Array.from({ length: 400 }, (_, index) => numberedCid(index));
    expect((await first.request(`/pins?cids=${cids.join(',')}`)).status).toBe(431);
    expect(await statesOf(target.observe(cids, { detail: 'copies' }))).toHaveLength(400);
  });

  test('a pin whose options do not fit is refused, and is not made', async () => {
    const cid = await content();
    const call = target.pin(cid, wanted({ metadata: { long: 'x'.repeat(20_000) } }));
    await expect(call).rejects.toMatchObject({ code: 'invalid', status: 431 });
    expect((await stateOf(target, cid)).pin).toBeUndefined();
  });

  test.each([
    ['no', undefined],
    ['basic', { basic: { user: auth.user, password: 'wrong' } }],
    ['bearer', { bearer: 'wrong' }],
  ])('%s credentials that are wrong are 401 with the realm', async (kind, wrong) => {
    const other = new ClusterTarget({ endpoints: [first.restUrl], ...(wrong && { auth: wrong }) });
    await expect(other.inspect()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(
        new RegExp(`401 to ${kind} credentials \\(realm "Restricted IPFS Cluster API"\\)`),
      ),
    });
  });
});

describe('a peer that is down', () => {
  afterEach(async () => {
    await cluster.restart(third);
  }, 60_000);

  test('shows as cluster_error beside peers that are pinned; its region is still known', async () => {
    const cid = await content();
    await target.pin(cid, wanted({ min: 3, max: 3 }));
    await copies(cid, 3);
    await cluster.stop(third);
    const state = await vi.waitFor(
      async () => {
        const it = await stateOf(target, cid);
        expect(it.peers.find((copy) => copy.peer === third.id)?.state).toBe('down');
        return it;
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(await statusesOf(cid)).toContain('cluster_error');
    expect(copiesOf(state)).toBe(2);
    expect(state.peers.find((copy) => copy.peer === third.id)).toMatchObject({
      raw: 'cluster_error',
      region: third.region,
      error: expect.stringMatching(/./),
    });
  }, 60_000);

  test('pins made meanwhile go to fewer peers, and do not grow when it is back', async () => {
    await cluster.stop(third);
    await freshMetrics(2);
    const cid = await content();
    await target.pin(cid, wanted({ min: 2, max: 3 }));
    await copies(cid, 2);
    expect(await allocationsOf(cid)).toHaveLength(2);
    await cluster.restart(third);
    await freshMetrics(3);
    expect(await allocationsOf(cid)).toHaveLength(2);
    await post(cid, 'replication-min=2&replication-max=3');
    expect(await allocationsOf(cid)).toHaveLength(2);
    await post(cid, 'replication-min=3&replication-max=3');
    expect(await allocationsOf(cid)).toHaveLength(3);
  }, 90_000);
});

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly trailers: Record<string, unknown>;
}

/** With the trailers, which fetch does not show. */
function rawGet(path: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `${first.restUrl}${path}`,
      { auth: `${auth.user}:${auth.password}` },
      (message) => {
        const { statusCode: status, headers } = message;
        message.resume().on('end', () => resolve({ status, headers, trailers: message.trailers }));
      },
    );
    outgoing.on('error', reject).end();
  });
}
