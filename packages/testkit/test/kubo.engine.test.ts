import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type KuboNode, startCluster, startKubo, type TestKubo } from '../src/index.ts';

let kubo: TestKubo;
let first: KuboNode;
let second: KuboNode;
beforeAll(async () => {
  kubo = await startKubo({ nodes: 2 });
  [first, second] = kubo.nodes as [KuboNode, KuboNode];
}, 60_000);
afterAll(() => kubo?.close());
afterEach(() => kubo.clean());

describe('startKubo', { timeout: 60_000 }, () => {
  it('gives nodes that have each other’s content', async () => {
    const root = await kubo.addContent({ 'a/b.txt': 'hello' }, { on: second });
    expect(await first.rpc('cat', { arg: `${root}/a/b.txt` })).toBe('hello');
    const answer = await fetch(`${first.gateway}/ipfs/${root}/a/b.txt`, {
      signal: AbortSignal.timeout(10_000),
    });
    expect(await answer.text()).toBe('hello');
  });

  it('restarts a node with the same identity, ports and data', async () => {
    const cid = await kubo.addContent('kept', { on: second });
    await second.rpc('pin/add', { arg: cid });
    for (const how of ['kill', 'graceful'] as const) {
      await kubo.stop(second, how);
      expect(second.running).toBe(false);
      await expect(second.rpc('id')).rejects.toThrow('fetch failed');
      await kubo.restart(second);
      expect(JSON.parse(await second.rpc('id')).ID).toBe(second.id);
      expect(await second.rpc('pin/ls', { arg: cid })).toContain(cid);
      expect(await second.rpc('swarm/peers')).toContain(first.id);
    }
    expect(kubo.logs(second).match(/Daemon is ready/g)).toHaveLength(3);
  });

  it('forgets everything when cleaned', async () => {
    const cid = await kubo.addContent('gone soon');
    await first.rpc('pin/add', { arg: cid });
    await kubo.clean();
    expect(await first.rpc('pin/ls')).not.toContain(cid);
    expect(await first.rpc('refs/local')).not.toContain(cid);
  });

  it('tells what a call was answered', async () => {
    await expect(first.rpc('pin/add', { arg: 'no-cid' })).rejects.toThrow(
      /^kubo-0: pin\/add was answered 500: .*invalid/,
    );
  });
});

describe('a larger cluster', () => {
  it('has six peers over three regions', async () => {
    await using cluster = await startCluster({ peers: 6, replication: { min: 2, max: 4 } });
    expect(cluster.peers.map((peer) => peer.region)).toEqual(['eu', 'us', 'ap', 'eu', 'us', 'ap']);
    const cid = await cluster.addContent('for four');
    const [peer] = cluster.peers;
    const answer = await peer.request(`/pins/${cid}`, 'POST');
    const pin = (await answer.json()) as { allocations: string[]; replication_factor_min: number };
    expect(pin.replication_factor_min).toBe(2);
    expect(pin.allocations).toHaveLength(4);
    const regions = cluster.peers.filter((it) => pin.allocations.includes(it.id)).map((it) => it.region);
    expect(new Set(regions).size).toBe(3);
  }, 60_000);
});
