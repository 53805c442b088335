import { startCluster, type TestCluster, type TestPeer } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copiesFor } from '../../src/desired/tier.ts';
import { heal } from '../../src/heal/heal.ts';
import type { PinningEvent } from '../../src/progress/event.ts';
import { writeClaims } from '../../src/target/claim-metadata.ts';
import { regionsOf } from '../../src/target/spread.ts';
import type { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { copies, owner, request } from '../requests.ts';
import { cidOf, patience, pinOf, run, stateOf, targetOf, until } from './setting.ts';

let cluster: TestCluster;
let target: ClusterTarget;

beforeAll(async () => {
  cluster = await startCluster({ peers: 6, regions: ['eu', 'us', 'ap'] });
  // The last peers are the ones that get killed.
  target = targetOf(cluster, cluster.urls.slice(0, 3));
}, patience);
afterAll(() => cluster?.close());
beforeEach(() => cluster.clean(), patience);

const regionOf = (id: string) => cluster.peers.find((peer) => peer.id === id)?.region ?? 'none';

async function kill(...peers: readonly TestPeer[]): Promise<void> {
  for (const peer of peers) await cluster.stop(peer);
  const left = cluster.peers.length - peers.length;
  await until('the dead are noticed', async () => {
    const metrics = await target.metrics('freespace');
    return metrics.filter(({ valid }) => valid).length === left;
  });
}

describe('a cluster of six peers in three regions', { timeout: patience }, () => {
  it('holds a critical dataset on five or more peers over three regions', async () => {
    const cid = await cluster.addContent(`critical ${Date.now()}`);
    const { report } = await run(target, [request(cid, { copies: copiesFor('critical') })]);
    expect(report.outcome).toBe('satisfied');
    expect(report.results[0]?.coverage?.regions).toEqual(['ap', 'eu', 'us']);
    expect((await pinOf(target, cid)).allocations).toHaveLength(6);
  });

  it('spreads important datasets, and does not put them all on the same peers', async () => {
    const cids = await Promise.all(
      Array.from({ length: 12 }, (_, i) => cluster.addContent(`spread ${i} ${Date.now()}`)),
    );
    const wanted = cids.map((cid) => request(cid, { copies: copies(3, 3, 3) }));
    const { report } = await run(target, wanted);
    expect(report.outcome).toBe('satisfied');
    const load = new Map<string, number>();
    for (const cid of cids) {
      const { allocations } = await pinOf(target, cid);
      expect(new Set(allocations.map(regionOf)).size).toBe(3);
      for (const peer of allocations) load.set(peer, (load.get(peer) ?? 0) + 1);
    }
    expect(Math.max(...load.values())).toBeLessThan(12);
  });

  it('makes a copy elsewhere where all copies sit in one region', async () => {
    const cid = await cluster.addContent(`one region ${Date.now()}`);
    const eu = cluster.peers.filter((peer) => peer.region === 'eu').map((peer) => peer.id);
    const metadata = writeClaims([{ owner, id: `${cid}@1.0.0`, min: 2, max: 2, regions: 0 }]);
    await target.pin(cid, { name: 'x', min: 2, max: 2, origins: [], metadata, allocations: eu });
    expect((await pinOf(target, cid)).allocations.map(regionOf)).toEqual(['eu', 'eu']);
    const { plan, report } = await run(target, [request(cid, { copies: copies(2, 3, 2) })]);
    expect(plan.steps[0]).toMatchObject({ kind: 'raise' });
    expect(report.outcome).toBe('satisfied');
    const { peers } = await stateOf(target, cid);
    expect(regionsOf(peers.filter(({ state }) => state === 'pinned')).size).toBeGreaterThanOrEqual(2);
  });

  it('replaces dead peers when healed, and has nothing to undo when they are back', async () => {
    const [, , , fourth, fifth, sixth] = cluster.peers;
    if (!fourth || !fifth || !sixth) throw new Error('six peers expected');
    const cid = await cluster.addContent(`heal ${Date.now()}`);
    const dying = [fourth.id, fifth.id];
    const wanted = [request(cid, { copies: copies(3, 3) })];
    const metadata = writeClaims([{ owner, id: `${cid}@1.0.0`, min: 3, max: 3, regions: 0 }]);
    await target.pin(cid, {
      name: `dataset ${cid}`,
      min: 3,
      max: 3,
      origins: [],
      metadata,
      allocations: [...dying, sixth.id],
    });
    await run(target, wanted, { wait: 'max' });
    await kill(fourth, fifth);
    const healed = await heal(wanted, target, { owner, deadlineMs: patience });
    expect(healed.items[0]).toMatchObject({
      did: 'top-up',
      outcome: 'satisfied',
      before: { copies: 1 },
      after: { copies: 3 },
    });
    expect((await pinOf(target, cid)).allocations.some((id) => dying.includes(id))).toBe(false);
    for (const peer of [fourth, fifth]) await cluster.restart(peer);
    expect((await heal(wanted, target, { owner, deadlineMs: patience })).items[0]?.did).toBe('keep');
  });

  it('replaces a peer that is killed while it pins', async () => {
    const text = `killed while pinning ${Date.now()}`;
    const cid = cidOf(text);
    const events: PinningEvent[] = [];
    const applying = run(target, [request(cid, { copies: copies(3, 3) })], {
      onProgress: (event) => events.push(event),
    });
    const asked = await until('it is pinning', async () => {
      const { pin, peers } = await stateOf(target, cid);
      return peers.some(({ state }) => state === 'pinning') && pin?.allocations;
    });
    const victim = cluster.peers.slice(3).find((peer) => asked.includes(peer.id));
    if (victim === undefined) throw new Error('nobody to kill was asked');
    await kill(victim);
    await cluster.addContent(text);
    const { report } = await applying;
    expect(report.outcome).toBe('satisfied');
    expect((await pinOf(target, cid)).allocations).not.toContain(victim.id);
    expect(events.some((event) => event.type === 'recovering' && event.peers.includes(victim.id))).toBe(true);
  });
});
