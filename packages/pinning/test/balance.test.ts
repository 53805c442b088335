import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { applyBalance } from '../src/balance/apply-balance.ts';
import { balancePlan } from '../src/balance/balance-plan.ts';
import type { PinRequest } from '../src/desired/request.ts';
import { heal } from '../src/heal/heal.ts';
import { distributionOf } from '../src/observed/distribution.ts';
import { TargetGroup } from '../src/targets/group/target-group.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';
import { numberedCid, statesOf } from './targets/compliance.ts';

const mega = 1_000_000;
const running = { clock: new ManualClock(), random: () => 0.5, deadlineMs: 600_000 };

/** Targets of one peer, each in the region given. */
class Setting {
  readonly clock = new ManualClock();
  readonly members: readonly MemoryTarget[];
  readonly regions: readonly string[];
  requests: PinRequest[] = [];

  constructor(regions: readonly string[]) {
    this.regions = regions;
    this.members = regions.map(() => new MemoryTarget(peers(1)));
  }

  group(some = this.members.length): TargetGroup {
    const members = this.members
      .slice(0, some)
      .map((target, index) => ({ name: `t${index}`, target, region: this.regions[index] }));
    return new TargetGroup({ members, clock: this.clock });
  }

  /** Pins datasets of these sizes on the first targets alone. */
  async fill(sizes: readonly number[], on: number, wanted = copies(2, 2)): Promise<void> {
    this.requests = sizes.map((totalSize, index) =>
      request(numberedCid(index), { copies: wanted, totalSize }),
    );
    await heal(this.requests, this.group(on), { owner, ...running, wait: 'max' });
  }

  async plan(mostBytes = 1e12) {
    const group = this.group();
    const info = await group.inspect();
    const states = await statesOf(group.observe(this.requests.map(({ cid }) => cid)));
    return { group, info, states, plan: balancePlan(this.requests, states, { owner, info, mostBytes }) };
  }

  async unevenness(): Promise<number> {
    const { info, states } = await this.plan();
    const sizes = new Map(this.requests.map(({ cid, totalSize }) => [cid, totalSize]));
    return (await distributionOf(states, info, (cid) => sizes.get(cid))).unevenness;
  }

  holders(cid: string): number[] {
    return this.members.map(({ pins }) => pins.get(cid)?.allocations.length ?? 0);
  }
}

describe('a balance', () => {
  it('moves copies from full peers to empty ones until they are even, and keeps their number', async () => {
    const setting = new Setting(['eu', 'eu', 'eu']);
    await setting.fill(
      Array.from({ length: 30 }, (_, index) => (1 + (index % 5)) * mega),
      2,
    );
    const { group, plan } = await setting.plan();
    expect(plan.before).toBeCloseTo(1.5, 5);
    expect(plan.after).toBeLessThan(1.1);
    const done = await applyBalance(plan.moves, group, { clock: setting.clock, random: () => 0.5 });
    expect(done.filter(({ outcome }) => outcome === 'stays')).toEqual([]);
    expect(await setting.unevenness()).toBeLessThan(1.1);
    for (const state of (await setting.plan()).states) {
      expect(state.peers.filter((copy) => copy.state === 'pinned')).toHaveLength(2);
      expect(state.pin).toMatchObject({ min: 2, max: 2 });
    }
    const { items } = await heal(setting.requests, setting.group(), { owner, ...running });
    expect(new Set(items.map(({ did }) => did))).toEqual(new Set(['keep']));
    expect((await setting.plan()).plan.moves).toEqual([]);
  });

  it('keeps the number where the tier would allow one more', async () => {
    const setting = new Setting(['eu', 'eu', 'eu']);
    await setting.fill([mega, mega, mega, mega], 2, copies(2, 3));
    const { group, plan } = await setting.plan();
    const done = await applyBalance(plan.moves, group, { clock: setting.clock });
    expect(done.length).toBeGreaterThan(0);
    for (const { cid } of setting.requests)
      expect(setting.holders(cid).reduce((sum, held) => sum + held)).toBe(2);
    for (const { pin } of (await setting.plan()).states) expect(pin).toMatchObject({ min: 2, max: 3 });
  });

  it('never has fewer copies on the way', async () => {
    const setting = new Setting(['eu', 'eu', 'eu']);
    await setting.fill([mega, mega, mega, mega], 2);
    const { group, plan } = await setting.plan();
    const fewest = () =>
      Math.min(...setting.requests.map(({ cid }) => setting.holders(cid).filter((held) => held > 0).length));
    for (const member of setting.members) member.before = () => expect(fewest()).toBeGreaterThanOrEqual(2);
    expect((await applyBalance(plan.moves, group, { clock: setting.clock })).length).toBeGreaterThan(0);
  });

  it('moves no more bytes than it may', async () => {
    const setting = new Setting(['eu', 'eu', 'eu']);
    await setting.fill(
      Array.from({ length: 20 }, () => 2 * mega),
      2,
    );
    const { plan } = await setting.plan(7 * mega);
    expect(plan.bytes).toBe(6 * mega);
    expect(plan.moves).toHaveLength(3);
  });

  it('takes no dataset out of a region that it would miss', async () => {
    const setting = new Setting(['eu', 'us', 'us']);
    await setting.fill(
      Array.from({ length: 10 }, () => mega),
      2,
      copies(2, 2, 2),
    );
    const { plan } = await setting.plan();
    expect(plan.moves.length).toBeGreaterThan(0);
    expect(new Set(plan.moves.map(({ from }) => from))).toEqual(new Set(['t1/peer-0']));
  });

  it('leaves a copy where it was when the new peer does not get it', async () => {
    const setting = new Setting(['eu', 'eu', 'eu']);
    await setting.fill([mega, mega, mega, mega], 2);
    const { group, plan } = await setting.plan();
    for (const member of setting.members.slice(2)) member.progress = () => Number.POSITIVE_INFINITY;
    const done = await applyBalance(plan.moves, group, { clock: setting.clock, moveMs: 60_000 });
    expect(new Set(done.map(({ outcome }) => outcome))).toEqual(new Set(['stays']));
    expect(done[0]?.reason).toBe('t2/peer-0 did not get it in time');
    for (const { cid } of setting.requests) expect(setting.holders(cid)).toEqual([1, 1, 0]);
  });

  it('moves nothing that others pinned', async () => {
    const setting = new Setting(['eu', 'eu', 'eu']);
    await setting.fill([mega, mega], 2);
    const byHand = numberedCid(50);
    const pin = { name: 'by hand', min: 1, max: 1, origins: [], metadata: {} };
    await setting.members[0]?.pin(byHand, pin);
    setting.members[0]?.settle();
    setting.requests.push(request(byHand, { totalSize: 100 * mega }));
    expect((await setting.plan()).plan.moves.filter(({ cid }) => cid === byHand)).toEqual([]);
  });
});
