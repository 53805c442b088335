import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { engineCache } from '../src/engines/engine-cache.ts';
import { findEngine, startCluster, type TestCluster, type TestPeer } from '../src/index.ts';
import { socketsOf } from './sockets.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ regions: ['north', 'south'], auth: { user: 'op', password: 's3cret' } });
}, 60_000);
afterAll(() => cluster?.close());
afterEach(() => cluster.clean());

function peer(index: number): TestPeer {
  const found = cluster.peers[index];
  if (!found) throw new Error(`there is no peer ${index}`);
  return found;
}

async function statuses(index: number, cid: string): Promise<string[]> {
  const response = await peer(index).request(`/pins/${cid}`);
  const { peer_map } = (await response.json()) as { peer_map: Record<string, { status: string }> };
  return Object.values(peer_map).map((it) => it.status);
}

function pin(cid: string, copies: number) {
  return cluster.peers[0]?.request(
    `/pins/${cid}?replication-min=${copies}&replication-max=${copies}`,
    'POST',
  );
}

const pinned = (of: string[]) => of.filter((it) => it === 'pinned').length;

describe('startCluster', { timeout: 60_000 }, () => {
  it('gives peers that see each other, each with its region', async () => {
    expect(cluster.peers.map((peer) => peer.region)).toEqual(['north', 'south', 'north']);
    for (const peer of cluster.peers) {
      const peers = await peer.list<{ id: string; error: string }>('/peers');
      expect(peers.map((it) => it.id).sort()).toEqual(cluster.peers.map((it) => it.id).sort());
      expect(peers.every((it) => it.error === '')).toBe(true);
    }
  });

  it('asks for the credentials it was given', async () => {
    const { restUrl, pinningServiceUrl } = peer(1);
    expect((await fetch(`${restUrl}/id`)).status).toBe(401);
    expect((await fetch(`${pinningServiceUrl}/pins`)).status).toBe(401);
    const authorization = `Basic ${Buffer.from('op:s3cret').toString('base64')}`;
    expect((await fetch(`${pinningServiceUrl}/pins`, { headers: { authorization } })).status).toBe(200);
  });

  it('imports content under unixfs-v1-2025, unpinned', async () => {
    const mebibyte = new Uint8Array(1 << 20).fill(1);
    expect(await cluster.addContent('hello\n')).toBe(
      'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am',
    );
    const oneChunk = await cluster.addContent(mebibyte);
    expect(oneChunk).toMatch(/^bafkrei/);
    const last = peer(2);
    const root = await cluster.addContent(
      { 'a/ü/%20?.txt': 'z', 'a.txt': 'y', 'a/b.txt': 'x' },
      { on: last },
    );
    expect(root).toMatch(/^bafybei/);
    expect(await last.kubo.rpc('cat', { arg: `${root}/a/ü/%20?.txt` })).toBe('z');
    expect(await last.kubo.rpc('pin/ls', { type: 'recursive' })).not.toContain(root);
  });

  it('pins over all peers, survives the loss of one, and gets it back the same', async () => {
    const cid = await cluster.addContent('a dataset');
    await pin(cid, 3);
    await expect.poll(async () => pinned(await statuses(0, cid)), { timeout: 20_000 }).toBe(3);
    const lost = peer(1);
    await cluster.stop(lost);
    expect(lost.running).toBe(false);
    await expect(lost.request('/id')).rejects.toThrow();
    expect((await statuses(0, cid)).sort()).toEqual(['cluster_error', 'pinned', 'pinned']);
    await cluster.restart(lost);
    const { id } = (await (await lost.request('/id')).json()) as { id: string };
    expect(id).toBe(lost.id);
    await expect.poll(async () => pinned(await statuses(1, cid)), { timeout: 20_000 }).toBe(3);
  });

  it('stops a Kubo node under its peer and starts it again', async () => {
    const last = peer(2);
    await cluster.stopKubo(last, 'graceful');
    await expect(fetch(`${last.kuboApi}/api/v0/id`, { method: 'POST' })).rejects.toThrow();
    await cluster.restartKubo(last);
    expect(await last.kubo.rpc('id')).toContain(last.kuboId);
    expect(await last.kubo.rpc('swarm/peers')).toContain(peer(0).kuboId);
  });

  it('is empty again after clean, and has started what was stopped', async () => {
    const cid = await cluster.addContent('to be removed');
    await pin(cid, 2);
    const last = peer(2);
    await cluster.stop(last, 'graceful');
    await cluster.clean();
    expect(last.running).toBe(true);
    expect((await peer(0).request(`/allocations/${cid}`)).status).toBe(404);
    for (const { kubo } of cluster.peers) expect(await kubo.rpc('refs/local')).not.toContain(cid);
  });

  it('has logs of peers and nodes', () => {
    const { cluster: peerLog, kubo } = cluster.logs(peer(0));
    expect(peerLog).toContain('IPFS Cluster is READY');
    expect(kubo).toContain('Daemon is ready');
  });

  it.runIf(process.platform === 'linux')('listens on loopback only, and calls nobody else', async () => {
    // A cluster peer built elsewhere looks for a router by UDP when it starts; the one that engines/ builds does not.
    const ownBuild = (await findEngine('cluster-service')).startsWith(engineCache());
    const pids = cluster.peers.flatMap((peer) => [peer.pid ?? 0, peer.kubo.pid ?? 0]);
    expect(pids.every((pid) => pid > 0)).toBe(true);
    const sockets = pids.flatMap(socketsOf);
    expect(sockets.filter((it) => it.listening)).toHaveLength(cluster.peers.length * 6);
    const elsewhere = sockets.filter(
      (it) =>
        (ownBuild || it.protocol !== 'udp') &&
        (it.local !== '127.0.0.1' || !(it.listening || it.remote === '127.0.0.1')),
    );
    expect(elsewhere).toEqual([]);
  });
});
