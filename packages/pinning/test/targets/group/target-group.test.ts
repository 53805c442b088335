import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../http/test/manual-clock.ts';
import { type HealOptions, type HealReport, heal } from '../../../src/heal/heal.ts';
import { pinStatus } from '../../../src/heal/status.ts';
import { PinningError } from '../../../src/target/pinning-error.ts';
import type { CallOptions, PinTarget, Quorums } from '../../../src/target/target.ts';
import { TargetGroup } from '../../../src/targets/group/target-group.ts';
import { MemoryTarget } from '../../memory-target.ts';
import { copies, owner, peers, request } from '../../requests.ts';
import { numberedCid, stateOf, statesOf, wanted } from '../compliance.ts';

const cid = numberedCid(1);

/** Three clusters, each in a region of its own, and a clock that passes by sleeping. */
class Setting {
  readonly clock = new ManualClock();
  readonly eu = new MemoryTarget(peers(3));
  readonly us = new MemoryTarget(peers(3));
  readonly ap = new MemoryTarget(peers(3));
  quorums: Quorums = {};
  regions: Record<string, string> = { eu: 'europe', us: 'america', ap: 'asia' };

  get all() {
    return { eu: this.eu, us: this.us, ap: this.ap };
  }

  group(changes: Partial<Record<'eu' | 'us' | 'ap', PinTarget>> = {}): TargetGroup {
    const members = Object.entries({ ...this.all, ...changes });
    return new TargetGroup({
      members: members.map(([name, target]) => ({ name, target, region: this.regions[name] })),
      quorums: this.quorums,
      clock: this.clock,
    });
  }

  heal(
    target: PinTarget,
    copiesWanted = copies(2, 3, 2),
    more: Partial<HealOptions> = {},
  ): Promise<HealReport> {
    return heal([request(cid, { copies: copiesWanted })], target, {
      owner,
      clock: this.clock,
      random: () => 0.5,
      deadlineMs: 120_000,
      ...more,
    });
  }

  /** How many copies each member was asked for. */
  shares(): Record<string, number> {
    const asked = Object.entries(this.all).map(([name, { pins }]) => [
      name,
      pins.get(cid)?.allocations.length ?? 0,
    ]);
    return Object.fromEntries(asked);
  }

  lose(...names: ('eu' | 'us' | 'ap')[]): TargetGroup {
    return this.group(Object.fromEntries(names.map((name) => [name, deadTarget()])));
  }
}

/** Refuses connections, and counts how often it was tried. */
function deadTarget(
  error = () => new PinningError('unavailable', 'connect ECONNREFUSED'),
): PinTarget & { calls: number } {
  const dead = {
    label: 'dead',
    calls: 0,
    async fail(): Promise<never> {
      dead.calls += 1;
      throw error();
    },
  };
  return Object.assign(dead, {
    inspect: dead.fail,
    // biome-ignore lint/correctness/useYield: it fails before
    async *observe() {
      await dead.fail();
    },
    pin: dead.fail,
    unpin: dead.fail,
    recover: dead.fail,
  });
}

const summary = ({ items: [item] }: HealReport) => `${item?.did} ${item?.outcome}: ${item?.reason}`;

describe('copies over several targets', () => {
  it('are counted over all of them, one in each place before two in one', async () => {
    const setting = new Setting();
    const report = await setting.heal(setting.group(), copies(3, 5, 3));
    expect(summary(report)).toBe('pin satisfied: 5 copies of at least 3 in america, asia, europe');
    expect(Object.values(setting.shares()).sort()).toEqual([1, 2, 2]);
    expect(summary(await setting.heal(setting.group(), copies(3, 5, 3)))).toMatch(/^keep satisfied/);
  });

  it('of which one alone is wanted go to the first target that can take it', async () => {
    const setting = new Setting();
    await setting.heal(setting.group(), copies(1, 1));
    expect(setting.shares()).toEqual({ eu: 1, us: 0, ap: 0 });
    const other = new Setting();
    await other.heal(other.lose('eu'), copies(1, 1));
    expect(other.shares()).toEqual({ eu: 0, us: 1, ap: 0 });
  });

  it('are many in one target where the others have no room', async () => {
    const setting = new Setting();
    for (const target of [setting.us, setting.ap])
      target.peers.splice(0, 3, { id: 'full', up: true, freeSpace: 10 });
    const sized = request(cid, { copies: copies(3, 3), totalSize: 1000 });
    const options = { owner, clock: setting.clock, random: () => 0.5, deadlineMs: 60_000 };
    const report = await heal([sized], setting.group(), options);
    expect(summary(report)).toBe('pin satisfied: 3 copies of at least 3 in europe');
    expect(setting.shares()).toEqual({ eu: 3, us: 0, ap: 0 });
  });

  it('carry names of their targets in the status, and say which target is lost', async () => {
    const setting = new Setting();
    await setting.heal(setting.group(), copies(3, 3, 3));
    const requests = [request(cid, { copies: copies(3, 3, 3) })];
    const { items } = await pinStatus(setting.lose('us'), { requests, clock: setting.clock });
    expect(items[0]).toMatchObject({
      health: 'degraded',
      copies: 2,
      missing: '2 of 3 copies, 2 of 3 regions (us: peer down: connect ECONNREFUSED)',
    });
    const pinned = items[0]?.peers.filter(({ state }) => state === 'pinned');
    expect(pinned?.map(({ peer }) => peer.split('/')[0]).sort()).toEqual(['ap', 'eu']);
  });

  it('of one IPFS node behind two targets are refused: one copy would count as two', async () => {
    const node = { id: 'peer-0', up: true, swarm: { id: 'QmNode', addresses: [] } };
    const twin = (): PinTarget =>
      Object.assign(new MemoryTarget([]), {
        inspect: async () => ({ kind: 'cluster' as const, peers: [node] }),
      });
    const group = new TargetGroup({
      members: [
        { name: 'a', target: twin() },
        { name: 'b', target: twin() },
      ],
    });
    await expect(group.inspect()).rejects.toMatchObject({
      code: 'invalid',
      message:
        'members expected each IPFS node once, got QmNode as a and b: that would count one copy as two',
    });
  });

  it('need names that can be told apart', () => {
    const member = { name: 'a', target: new MemoryTarget([]) };
    expect(() => new TargetGroup({ members: [] })).toThrow('at least one target');
    expect(() => new TargetGroup({ members: [member, member] })).toThrow('got "a" twice');
    expect(() => new TargetGroup({ members: [{ ...member, name: 'a/b' }] })).toThrow('without "/"');
  });
});

describe('a region that is lost', () => {
  it('is passed over, its copies are made elsewhere, and given up when it is back', async () => {
    const setting = new Setting();
    const want = copies(3, 3, 2);
    await setting.heal(setting.group(), want);
    expect(setting.shares()).toEqual({ eu: 1, us: 1, ap: 1 });
    const lost = await setting.heal(setting.lose('us'), want);
    expect(summary(lost)).toBe('top-up satisfied: 3 copies of at least 3 in asia, europe');
    expect(Object.values(setting.shares()).sort()).toEqual([1, 1, 2]);
    const back = await setting.heal(setting.group(), want);
    expect(summary(back)).toBe('lower satisfied: 3 copies of at least 3 in america, asia, europe');
    expect(setting.shares()).toEqual({ eu: 1, us: 1, ap: 1 });
    expect(summary(await setting.heal(setting.group(), want))).toMatch(/^keep satisfied/);
  });

  it('gives up nothing when it is back as long as its copy is not whole', async () => {
    const setting = new Setting();
    const want = copies(3, 3, 2);
    await setting.heal(setting.group(), want);
    await setting.heal(setting.lose('us'), want);
    setting.us.lost.add(cid);
    expect(summary(await setting.heal(setting.group(), want, { deadlineMs: 2_000 }))).toMatch(
      /satisfied: 3 copies of at least 3/,
    );
    const requests = [request(cid, { copies: want })];
    const { items } = await pinStatus(setting.group(), { requests, clock: setting.clock });
    expect(items[0]?.copies).toBe(3);
  });

  it('is no reason to copy everything again while the least number is left', async () => {
    const setting = new Setting();
    await setting.heal(setting.group(), copies(2, 3));
    const report = await setting.heal(setting.lose('us'), copies(2, 3));
    expect(summary(report)).toMatch(/^keep satisfied: 2 copies of at least 2/);
  });

  it('is told apart from all of them being lost', async () => {
    const setting = new Setting();
    const group = setting.lose('eu', 'us', 'ap');
    await expect(group.inspect()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'connect ECONNREFUSED',
    });
    await expect(statesOf(group.observe([cid]))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a target that fails', () => {
  it('while it is written gives its copy to another one', async () => {
    const setting = new Setting();
    const refuses: PinTarget = {
      label: 'refuses',
      inspect: () => setting.us.inspect(),
      observe: (cids, options) => setting.us.observe(cids, options),
      pin: async () => {
        throw new PinningError('unauthorized', 'the credentials were refused');
      },
      unpin: (each) => setting.us.unpin(each),
      recover: (each) => setting.us.recover(each),
    };
    const report = await setting.heal(setting.group({ us: refuses }), copies(3, 3));
    expect(summary(report)).toMatch(/^pin satisfied: 3 copies of at least 3/);
    expect(setting.shares()).toMatchObject({ us: 0 });
  });

  it('to take a change keeps the copy that it has', async () => {
    const setting = new Setting();
    await setting.heal(setting.group(), copies(3, 3, 3));
    const refuses: PinTarget = {
      label: 'refuses',
      inspect: () => setting.us.inspect(),
      observe: (cids, options) => setting.us.observe(cids, options),
      pin: async () => {
        throw new PinningError('invalid', 'the name is too long');
      },
      unpin: (each) => setting.us.unpin(each),
      recover: (each) => setting.us.recover(each),
    };
    const group = setting.group({ us: refuses });
    const { pin } = await stateOf(group, cid);
    await group.pin(cid, { ...(pin ?? wanted()), name: 'renamed', min: 2 });
    expect(setting.shares().us).toBe(1);
  });

  it('costs one wait, not one for each pin', async () => {
    const setting = new Setting();
    const timeoutMs = 30_000;
    const hung = deadTarget(() => new PinningError('timeout', 'no answer within 30 s'));
    const fail = hung.inspect;
    const wait = async (options?: CallOptions): Promise<never> => {
      await setting.clock.sleep(timeoutMs, options?.signal);
      return fail() as Promise<never>;
    };
    const group = setting.group({ us: Object.assign(hung, { inspect: wait, pin: wait }) });
    const began = setting.clock.now();
    const requests = Array.from({ length: 300 }, (_, index) =>
      request(numberedCid(index), { copies: copies(2, 2) }),
    );
    const { applied } = await heal(requests, group, { owner, clock: setting.clock, random: () => 0.5 });
    expect(applied.outcome).toBe('satisfied');
    expect(hung.calls).toBeLessThanOrEqual(2);
    expect(setting.clock.now() - began).toBeLessThan(1.5 * timeoutMs);
  });

  it('for a moment is asked once more, and not passed over', async () => {
    const setting = new Setting();
    setting.us.faults.push({ call: 'inspect', error: new PinningError('unavailable', 'ECONNRESET') });
    const { peers: all } = await setting.group().inspect();
    expect(all.filter(({ up }) => up)).toHaveLength(9);
  });

  it('is tried again when its pause is over', async () => {
    const setting = new Setting();
    const dead = deadTarget();
    const group = setting.group({ us: dead });
    const up = async () => (await group.inspect()).peers.filter((peer) => peer.up).length;
    expect(await up()).toBe(6);
    Object.assign(dead, { inspect: () => setting.us.inspect() });
    expect(await up()).toBe(6);
    await setting.clock.sleep(31_000);
    expect(await up()).toBe(9);
  });

  it('leaves too few copies: the error names it', async () => {
    const setting = new Setting();
    const group = setting.lose('us', 'ap');
    await group.inspect();
    const call = group.pin(cid, wanted({ min: 5, max: 5 }));
    await expect(call).rejects.toMatchObject({
      code: 'unavailable',
      message: `${cid}: expected at least 5 copies, got 3; us: connect ECONNREFUSED; ap: connect ECONNREFUSED`,
    });
  });
});

describe('a quorum', () => {
  it('makes a region count when so many of its targets have a copy', async () => {
    const setting = new Setting();
    setting.regions = { eu: 'europe', us: 'europe', ap: 'asia' };
    setting.quorums = { europe: 2 };
    const report = await setting.heal(setting.group(), copies(2, 3, 2));
    expect(summary(report)).toBe('pin satisfied: 3 copies of at least 2 in asia, europe');
    expect(setting.shares()).toEqual({ eu: 1, us: 1, ap: 1 });
    const lost = await setting.heal(setting.lose('us'), copies(2, 3, 2), { deadlineMs: 1_000 });
    expect(lost.items[0]?.outcome).toBe('degraded');
    expect(summary(lost)).toContain('1 of 2 regions');
  });

  it('adds what a region lacks, though the number of copies is enough', async () => {
    const setting = new Setting();
    setting.regions = { eu: 'europe', us: 'europe', ap: 'asia' };
    await setting.heal(setting.group(), copies(2, 2, 2));
    expect(Object.values(setting.shares()).reduce((a, b) => a + b)).toBe(2);
    setting.quorums = { europe: 2 };
    const report = await setting.heal(setting.group(), copies(2, 2, 2));
    expect(summary(report)).toBe('raise satisfied: 3 copies of at least 2 in asia, europe');
    expect(summary(await setting.heal(setting.group(), copies(2, 2, 2)))).toMatch(/^keep satisfied/);
  });
});

describe('a pin that others made by hand', () => {
  const byHand = { name: 'by hand', min: 1, max: 1, origins: [], metadata: { by: 'hand' } };

  it('is never written or removed; its copies count while they are there', async () => {
    const setting = new Setting();
    await setting.eu.pin(cid, byHand);
    setting.eu.settle();
    const before = setting.eu.pins.get(cid);
    const report = await setting.heal(setting.group(), copies(2, 2));
    expect(report.items[0]).toMatchObject({ did: 'pin', outcome: 'satisfied' });
    expect(setting.shares()).toEqual({ eu: 1, us: 1, ap: 1 });
    await setting.group().unpin(cid);
    expect(setting.shares()).toEqual({ eu: 1, us: 0, ap: 0 });
    expect(setting.eu.pins.get(cid)).toEqual(before);
  });
});

describe('what one target knew before there was a group', () => {
  it('is taken over, and spread', async () => {
    const setting = new Setting();
    await setting.heal(setting.eu, copies(2, 3));
    expect(setting.shares()).toEqual({ eu: 3, us: 0, ap: 0 });
    const report = await setting.heal(setting.group(), copies(3, 3, 3));
    expect(summary(report)).toMatch(/satisfied: \d copies of at least 3 in america, asia, europe/);
    await setting.heal(setting.group(), copies(3, 3, 3));
    expect(setting.shares()).toEqual({ eu: 1, us: 1, ap: 1 });
    const { pin } = await stateOf(setting.group(), cid);
    expect(pin?.metadata['holdfast-group']).toBeUndefined();
    expect(pin).toMatchObject({ min: 3, max: 3 });
  });

  it('can go back to one', async () => {
    const setting = new Setting();
    await setting.heal(setting.group(), copies(2, 3));
    const report = await setting.heal(setting.eu, copies(2, 3));
    expect(report.items[0]?.outcome).toBe('satisfied');
    expect(setting.shares()).toMatchObject({ eu: 3 });
  });
});
