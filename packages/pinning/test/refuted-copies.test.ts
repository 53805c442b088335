import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { heal } from '../src/heal/heal.ts';
import { pinStatus } from '../src/heal/status.ts';
import { RefutedCopies, withRefuted } from '../src/target/refuted-copies.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';

const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
const options = { owner, clock: new ManualClock(), random: () => 0.5, deadlineMs: 600_000 };

/** A pin that is held where `held` says, by a target whose other peers are free. */
async function pinned(count: number, wanted: ReturnType<typeof copies>, regions: readonly string[] = []) {
  const memory = new MemoryTarget(peers(count, regions));
  const requests = [request(cid, { copies: wanted })];
  await heal(requests, memory, options);
  memory.settle();
  const refuted = new RefutedCopies();
  const target = withRefuted(memory, refuted);
  const held = [...(memory.pins.get(cid)?.allocations ?? [])];
  return { memory, requests, refuted, target, held };
}

const why = 'lacks bafy1 and 2 more';

describe('a refuted copy', () => {
  it('is no copy: what was satisfied is degraded, and says who could not show it', async () => {
    const { requests, refuted, target, held } = await pinned(2, copies(2, 2));
    expect((await pinStatus(target, { requests })).healthy).toBe(1);
    refuted.add(cid, held[0] as string, why);
    const [item] = (await pinStatus(target, { requests })).items;
    expect(item).toMatchObject({ health: 'degraded', copies: 1 });
    expect(item?.missing).toContain(`${held[0]}: says that it has a copy, and could not show it: ${why}`);
  });

  it('is made up for elsewhere, and keeps its place until then and after', async () => {
    for (const wanted of [copies(1, 1), copies(2, 2), copies(2, 3), copies(3, 3)]) {
      const { memory, requests, refuted, target, held } = await pinned(wanted.max + 1, wanted);
      for (const peer of held.slice(0, held.length - wanted.min + 1)) refuted.add(cid, peer, why);
      const seen: string[][] = [];
      memory.before = (call) => {
        if (call === 'poll') seen.push([...(memory.pins.get(cid)?.allocations ?? [])]);
      };
      const { applied, items } = await heal(requests, target, options);
      expect(items[0]?.did).toBe('top-up');
      expect(items[0]?.before.copies).toBe(wanted.min - 1);
      expect(applied.outcome).toBe('satisfied');
      const now = memory.pins.get(cid)?.allocations ?? [];
      for (const peer of held) expect(now).toContain(peer);
      expect(seen.every((asked) => held.every((peer) => asked.includes(peer)))).toBe(true);
      // Once is enough: the next run has nothing to do.
      const writes = memory.count('pin');
      const again = await heal(requests, target, options);
      expect([again.items[0]?.did, memory.count('pin')]).toEqual(['keep', writes]);
    }
  });

  it('that was shown after all gives its surplus back', async () => {
    const { memory, requests, refuted, target, held } = await pinned(3, copies(2, 2));
    const sick = held[0] as string;
    refuted.add(cid, sick, why);
    await heal(requests, target, options);
    memory.settle();
    refuted.delete(cid, sick);
    const { items } = await heal(requests, target, options);
    expect(items[0]).toMatchObject({ did: 'lower', outcome: 'satisfied' });
    expect(memory.pins.get(cid)).toMatchObject({ min: 2, max: 2 });
    expect(memory.pins.get(cid)?.allocations).toHaveLength(2);
  });

  it('does not count for a region', async () => {
    const wanted = copies(2, 2, 2);
    const { memory, requests, refuted, target, held } = await pinned(4, wanted, ['eu', 'eu', 'us', 'us']);
    const sick = held.find((peer) => memory.peers.find(({ id }) => id === peer)?.region === 'us') as string;
    refuted.add(cid, sick, why);
    const { items } = await heal(requests, target, options);
    expect(items[0]?.outcome).toBe('satisfied');
    const others = (memory.pins.get(cid)?.allocations ?? []).filter((peer) => peer !== sick);
    expect(others.map((peer) => memory.peers.find(({ id }) => id === peer)?.region).sort()).toEqual([
      'eu',
      'us',
    ]);
  });

  it('of which there is nobody else to take one leaves it short, and the plan says so', async () => {
    const { requests, refuted, target, held } = await pinned(2, copies(2, 3));
    refuted.add(cid, held[1] as string, why);
    const { items, plan } = await heal(requests, target, options);
    expect(items[0]?.outcome).toBe('degraded');
    expect(plan.steps[0]?.reason).toContain(`${held[1]} could not show its copy`);
  });

  it('changes nothing where enough others have shown theirs', async () => {
    const { memory, requests, refuted, target, held } = await pinned(4, copies(2, 3));
    refuted.add(cid, held[2] as string, why);
    const writes = memory.count('pin');
    const { items } = await heal(requests, target, options);
    expect([items[0]?.did, items[0]?.outcome, memory.count('pin')]).toEqual(['keep', 'satisfied', writes]);
  });

  it('is one only as long as its peer says that it has a copy', async () => {
    const { memory, requests, refuted, target, held } = await pinned(3, copies(2, 2));
    refuted.add(cid, held[0] as string, why);
    (memory.peers.find(({ id }) => id === held[0]) as { up: boolean }).up = false;
    const [item] = (await pinStatus(target, { requests })).items;
    expect(item?.peers.find(({ peer }) => peer === held[0])?.state).toBe('down');
  });
});
