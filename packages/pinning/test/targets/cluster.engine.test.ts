import { randomBytes } from 'node:crypto';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readClaims, writeClaims } from '../../src/target/claim-metadata.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { carOf, leafOf } from './car.ts';
import { compliance, copiesOf, noContent, stateOf, statesOf, wanted } from './compliance.ts';

const auth = { user: 'keeper', password: 'p4ss: wörd/"&' };
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ peers: 3, auth });
}, 120_000);
afterAll(async () => cluster.close());

function target(urls: readonly string[] = cluster.urls): ClusterTarget {
  return new ClusterTarget({
    endpoints: urls,
    auth: { basic: auth },
    backOff: { attempts: 2, firstMs: 50, longestMs: 100 },
  });
}

const content = () => cluster.addContent(randomBytes(200));

compliance('ClusterTarget', async () => ({
  target: target(),
  most: 3,
  content,
  async [Symbol.asyncDispose]() {},
}));

describe('ClusterTarget on a real cluster', () => {
  test('inspect shows version, regions and free space of each peer', async () => {
    const info = await target().inspect();
    expect(info).toMatchObject({ kind: 'cluster', version: cluster.version });
    expect(info.peers.map((peer) => [peer.id, peer.name, peer.region, peer.up]).sort()).toEqual(
      cluster.peers.map((peer) => [peer.id, peer.name, peer.region, true]).sort(),
    );
    for (const peer of info.peers) expect(peer.freeSpace).toBeGreaterThan(1_000_000);
  });

  test('id, peers, metrics, alerts and the health graph', async () => {
    const it = target();
    const ids = cluster.peers.map((peer) => peer.id).sort();
    expect(ids).toContain((await it.id()).id);
    expect((await it.peers()).map((peer) => peer.id).sort()).toEqual(ids);
    expect(await it.metricNames()).toEqual(expect.arrayContaining(['freespace', 'ping', 'tag:region']));
    expect((await it.metrics('ping')).every((metric) => metric.valid)).toBe(true);
    expect(await it.metrics('no-such')).toEqual([]);
    expect(Array.isArray(await it.alerts())).toBe(true);
    const graph = await it.healthGraph();
    expect(Object.keys(graph.clusterLinks).sort()).toEqual(ids);
    expect(Object.values(graph.clusterToIpfs).sort()).toEqual(
      cluster.peers.map((peer) => peer.kuboId).sort(),
    );
  });

  test('a token issued for basic credentials lets in as bearer', async () => {
    const bearer = await target().issueToken();
    const info = await new ClusterTarget({ endpoints: cluster.urls, auth: { bearer } }).inspect();
    expect(info.peers).toHaveLength(3);
  });

  test('the claims of many datasets fit a request; those of too many are refused with what to do', async () => {
    const cid = await content();
    const claims = (count: number) =>
      wanted({
        metadata: writeClaims(
          Array.from({ length: count }, (_, index) => {
            const id = `north-sea-tides@1.0.${index}`;
            return { owner: 'github.com/example/data', id, min: 2, max: 3, regions: 0 };
          }),
        ),
      });
    // A connection that is kept takes up to 4,096 bytes more, by chance.
    const fresh = target();
    await fresh.pin(cid, claims(180));
    const { pin } = await stateOf(fresh, cid);
    expect(pin && readClaims(pin)).toHaveLength(180);
    const call = target().pin(cid, claims(400));
    await expect(call).rejects.toMatchObject({ code: 'invalid', status: 431, retryable: false });
    await expect(call).rejects.toThrow(
      new RegExp(`${cid}.* 400 datasets.* withdraw .* max_header_bytes of restapi`),
    );
  });

  test('a CAR is uploaded in a stream and pinned, though no node had it', async () => {
    const leaf = leafOf(randomBytes(300_000));
    const pin = wanted({ name: 'uploaded', min: 3, max: 3, metadata: { 'holdfast-repo': 'x' } });
    const progress: number[] = [];
    const added = await target().addCar(() => carOf([leaf], 10_000), {
      cid: leaf.cid,
      pin,
      onProgress: (bytes) => progress.push(bytes),
    });
    expect(added.cid).toBe(leaf.cid);
    expect(progress.length).toBeGreaterThan(20);
    await vi.waitFor(async () => expect(copiesOf(await stateOf(target(), leaf.cid))).toBe(3), 20_000);
    expect((await stateOf(target(), leaf.cid)).pin).toMatchObject({
      name: 'uploaded',
      min: 3,
      max: 3,
      metadata: pin.metadata,
    });
  });

  test('a CAR can be added without a pin', async () => {
    const leaf = leafOf(randomBytes(1_000));
    await target().addCar(() => carOf([leaf], 100), { cid: leaf.cid });
    expect((await stateOf(target(), leaf.cid)).pin).toBeUndefined();
  });

  test('a CAR of two roots, one that is none, and one of another root are refused and not sent again', async () => {
    const leaf = leafOf(randomBytes(1_000));
    const opened = vi.fn(() => carOf([leaf], 100, 2));
    await expect(target().addCar(opened)).rejects.toMatchObject({ code: 'invalid' });
    expect(opened).toHaveBeenCalledTimes(1);
    await expect(target().addCar(() => carOf([leaf], 100), { cid: noContent })).rejects.toMatchObject({
      code: 'invalid',
    });
    const tooMany = wanted({ min: 4, max: 4 });
    await expect(target().addCar(() => carOf([leaf], 100), { pin: tooMany })).rejects.toMatchObject({
      code: 'not-enough-peers',
    });
  });

  test('a pin that follows another takes over its allocations', async () => {
    const [old, next] = await Promise.all([content(), content()]);
    await target().pin(old, wanted({ min: 2, max: 2, metadata: { a: 'b' } }));
    const before = await stateOf(target(), old);
    await target().pin(next, wanted({ name: 'next' }), { update: old });
    const { pin } = await stateOf(target(), next);
    expect(pin).toMatchObject({ name: 'next', min: 2, max: 2, metadata: { a: 'b' } });
    expect([...(pin?.allocations ?? [])].sort()).toEqual([...(before.pin?.allocations ?? [])].sort());
  });

  test('peers can be chosen', async () => {
    const chosen = cluster.peers[2]?.id ?? '';
    const cid = await content();
    await target().pin(cid, wanted({ allocations: [chosen] }));
    expect((await stateOf(target(), cid)).pin?.allocations).toEqual([chosen]);
  });

  test('a whole pinset of a few hundred is read, each once, with what was asked', async () => {
    const it = target();
    const cids = await Promise.all(Array.from({ length: 60 }, content));
    await Promise.all(cids.map((cid) => it.pin(cid, wanted({ min: 2, max: 3, name: cid }))));
    const all = await statesOf(it.observe());
    for (const cid of cids) {
      expect(all.filter((state) => state.cid === cid).map((state) => state.pin?.name)).toEqual([cid]);
      expect(all.find((state) => state.cid === cid)?.pin).toMatchObject({ min: 2, max: 3 });
    }
    const some = await statesOf(it.observe(cids));
    expect(some.map((state) => state.pin?.name).sort()).toEqual([...cids].sort());
  });

  test('a dead endpoint is passed over for another', async () => {
    const it = target(['http://127.0.0.1:1', ...cluster.urls]);
    expect((await it.inspect()).peers).toHaveLength(3);
  });
});
