import { randomBytes } from 'node:crypto';
import { ClusterTarget, copiesFor, type PinRequest, type PinTarget, pin, pinStatus } from '@holdfast/pinning';
import type { TargetPeer } from '@holdfast/pinning/target';
import {
  type BlockDamage,
  blockDamages,
  blockFile,
  blockFiles,
  startCluster,
  type TestCluster,
  type TestPeer,
} from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healProved, type ProvedHealReport, TargetProver } from '../src/proof.ts';

// A fourth peer, so that there is another place for a copy.
let cluster: TestCluster;
let target: ClusterTarget;
beforeAll(async () => {
  cluster = await startCluster({ peers: 4 });
  target = new ClusterTarget({ endpoints: [cluster.urls[0] as string] });
}, 180_000);
afterAll(async () => {
  target?.close();
  await cluster?.close();
});

const owner = 'github.com/example/data';
let number = 0;

interface Pinned {
  readonly request: PinRequest;
  readonly cid: string;
  readonly blocks: readonly string[];
  /** One that holds a copy, and, where others do, is not the one that is asked through the REST API. */
  readonly sick: TestPeer;
}

async function pinned(min = 3, max = 3): Promise<Pinned> {
  const files = Array.from({ length: 12 }, (_, i) => [`f${i}`, randomBytes(40_000 + i)] as const);
  const [first] = cluster.peers;
  const cid = await cluster.addContent(Object.fromEntries(files), { on: first });
  number += 1;
  const copies = { ...copiesFor('standard'), min, max };
  const request = { cid, id: `set-${number}@1.0.0`, owner, name: `set ${number}`, copies };
  expect((await pin([request], target, { owner, deadlineMs: 120_000, wait: 'max' })).outcome).toBe(
    'satisfied',
  );
  const { items } = await pinStatus(target, { requests: [request] });
  const holders = new Set(items[0]?.peers.filter(({ state }) => state === 'pinned').map(({ peer }) => peer));
  const others = cluster.peers.filter((peer) => peer !== first);
  const sick = [...others, first].find((peer) => holders.has(peer.id)) as TestPeer;
  const refs = (await sick.kubo.rpc('refs', { arg: cid, recursive: true, unique: true })).trim().split('\n');
  return { request, cid, sick, blocks: refs.map((line) => (JSON.parse(line) as { Ref: string }).Ref) };
}

async function healed(
  requests: readonly PinRequest[],
  { on = target as PinTarget, prove = 'auto' as 'auto' | 'require', blocks = 64 } = {},
): Promise<ProvedHealReport> {
  const prover = new TargetProver(on, { seed: `${Math.random()}`, blocks, spread: false });
  try {
    return await healProved(requests, on, { owner, prover, prove, deadlineMs: 120_000 });
  } finally {
    await prover.close();
  }
}

/** What the cluster itself says of it. */
async function saysAllIsWell({ request, cid }: Pinned): Promise<boolean> {
  const { healthy } = await pinStatus(target, { requests: [request], cids: [cid] });
  return healthy === 1;
}

describe('a copy that was lost under a peer that says pinned', () => {
  it('is proved where nothing is amiss, and nothing is done', async () => {
    const set = await pinned();
    const { applied, proofs, repairs, items } = await healed([set.request], { prove: 'require' });
    expect(applied.outcome).toBe('satisfied');
    expect(proofs.map(({ verdict }) => verdict)).toEqual(['proved', 'proved', 'proved']);
    expect([items[0]?.did, repairs]).toEqual(['keep', []]);
  });

  it.each(['removed', 'overwritten', 'truncated', 'zeroed'] as BlockDamage[])(
    'by blocks that were %s: another copy is made, and what its peer can fetch again is repaired',
    async (how) => {
      const set = await pinned();
      for (const block of set.blocks.slice(0, 6))
        blockDamages[how](blockFile(set.sick.kubo.repository, block));
      expect(await saysAllIsWell(set)).toBe(true);
      const { applied, proofs, repairs, items } = await healed([set.request]);
      expect(items[0]).toMatchObject({ did: 'top-up', before: { copies: 2 }, outcome: 'satisfied' });
      expect(applied.outcome).toBe('satisfied');
      const [repair] = repairs;
      expect(repair).toMatchObject({ cid: set.cid, peer: set.sick.id, ok: how === 'removed' });
      // A node never writes over a block that is there: a person has to.
      if (how !== 'removed' && how !== 'zeroed') expect(repair?.todo).toContain('ipfs repo verify --heal');
      const others = proofs.filter(({ peer }) => peer !== set.sick.id);
      expect(others.map(({ verdict }) => verdict)).toEqual(['proved', 'proved', 'proved']);
      // Every place that had a copy, or a part of one, still has it.
      const { items: now } = await pinStatus(target, { requests: [set.request] });
      expect(now[0]?.copies).toBe(4);
    },
  );

  it('by damage is repaired on the node itself, where its RPC is given', async () => {
    const set = await pinned(2, 2);
    for (const block of set.blocks.slice(0, 6))
      blockDamages.overwritten(blockFile(set.sick.kubo.repository, block));
    expect(await saysAllIsWell(set)).toBe(true);
    const nodes = cluster.peers.map((peer) => peer.kubo.api);
    const on = new ClusterTarget({ endpoints: [cluster.urls[0] as string], nodes });
    const { applied, repairs } = await healed([set.request], { on });
    expect(repairs).toEqual([expect.objectContaining({ peer: set.sick.id, ok: true })]);
    expect(applied.outcome).toBe('satisfied');
    // Back to as many as are wanted, once all have shown theirs.
    await expect
      .poll(async () => {
        const again = await healed([set.request], { on });
        return [again.applied.outcome, again.repairs.length, again.applied.results[0]?.coverage?.copies];
      })
      .toEqual(['satisfied', 0, 2]);
    on.close();
  });

  it('by a datastore that was emptied is fetched again as a whole', async () => {
    const set = await pinned();
    for (const file of blockFiles(set.sick.kubo.repository)) blockDamages.removed(file);
    expect(await saysAllIsWell(set)).toBe(true);
    const { applied, repairs } = await healed([set.request]);
    expect(applied.outcome).toBe('satisfied');
    expect(repairs).toEqual([expect.objectContaining({ peer: set.sick.id, ok: true })]);
    expect((await healed([set.request])).proofs.every(({ verdict }) => verdict === 'proved')).toBe(true);
  });

  it('by a node that was replaced by an empty one of the same identity is there again', async () => {
    const set = await pinned();
    await set.sick.kubo.replace();
    for (const peer of cluster.peers) if (peer !== set.sick) await set.sick.kubo.connect(peer.kubo);
    await expect
      .poll(async () => {
        const { applied, proofs } = await healed([set.request], { prove: 'require' });
        return [applied.outcome, proofs.filter(({ verdict }) => verdict === 'proved').length >= 3];
      })
      .toEqual(['satisfied', true]);
  });
});

describe('a copy that cannot be asked', () => {
  /** The same cluster, whose nodes cannot be dialled from here. */
  function unreachable(peers: readonly string[]): PinTarget {
    return {
      label: target.label,
      observe: (cids, options) => target.observe(cids, options),
      pin: (cid, wanted, options) => target.pin(cid, wanted, options),
      unpin: (cid, options) => target.unpin(cid, options),
      recover: (cid, options) => target.recover(cid, options),
      async inspect(options) {
        const info = await target.inspect(options);
        const cut = ({ swarm, ...peer }: TargetPeer): TargetPeer =>
          swarm === undefined || !peers.includes(peer.id)
            ? { ...peer, ...(swarm && { swarm }) }
            : { ...peer, swarm: { ...swarm, addresses: [] } };
        return { ...info, peers: info.peers.map(cut) };
      },
    };
  }

  it('counts as its peer says, or not at all, as it is told to; no other is made for it', async () => {
    const set = await pinned(2, 2);
    const on = unreachable([set.sick.id]);
    const auto = await healed([set.request], { on });
    expect(auto.proofs.map(({ verdict }) => verdict).toSorted()).toEqual(['proved', 'unreachable']);
    expect([auto.applied.outcome, auto.items[0]?.did]).toEqual(['satisfied', 'keep']);
    const strict = await healed([set.request], { on, prove: 'require' });
    expect([strict.applied.outcome, strict.items[0]?.did]).toEqual(['degraded', 'keep']);
    expect(strict.items[0]?.reason).toMatch(/it could not be asked: could not connect/);
  });

  it('is not repaired from nothing: the last copy is left as it is', async () => {
    const set = await pinned(1, 1);
    const file = blockFile(set.sick.kubo.repository, set.blocks[0] as string);
    blockDamages.overwritten(file);
    const others = cluster.peers.filter((peer) => peer !== set.sick).map(({ id }) => id);
    // With no other peer to take one.
    const alone: PinTarget = {
      ...unreachable([]),
      inspect: async (options) => {
        const info = await target.inspect(options);
        const peers = info.peers.map((peer) => (others.includes(peer.id) ? { ...peer, up: false } : peer));
        return { ...info, peers };
      },
      repair: (cid, lost, options) => target.repair(cid, lost, options),
    };
    const { applied, repairs } = await healed([set.request], { on: alone });
    expect(applied.outcome).toBe('failed');
    expect(repairs).toEqual([
      expect.objectContaining({ ok: false, did: 'nothing: no other copy is there to repair it from' }),
    ]);
  });
});
