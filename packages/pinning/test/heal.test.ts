import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import type { PinRequest } from '../src/desired/request.ts';
import { type HealOptions, heal } from '../src/heal/heal.ts';
import { pinStatus } from '../src/heal/status.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';

function run(target: MemoryTarget, desired: readonly PinRequest[], more: Partial<HealOptions> = {}) {
  return heal(desired, target, {
    owner,
    clock: new ManualClock(),
    random: () => 0.5,
    deadlineMs: 120_000,
    ...more,
  });
}

function away(target: MemoryTarget, index: number, up = false): void {
  Object.assign(target.peers[index] ?? {}, { up });
}

describe('healing', () => {
  it('makes copies elsewhere when peers died, and shows what that is worth', async () => {
    const target = new MemoryTarget(peers(5));
    const wanted = [request('a', { copies: copies(3, 3) })];
    await run(target, wanted);
    away(target, 0);
    away(target, 1);
    const report = await run(target, wanted);
    expect(report.items[0]).toMatchObject({
      did: 'top-up',
      outcome: 'satisfied',
      before: { copies: 1 },
      after: { copies: 3 },
    });
    expect(report.items[0]?.before.unavailable).toBeCloseTo(0.05, 10);
    expect(report.items[0]?.after.unavailable).toBeCloseTo(0.000125, 10);
    expect((await run(target, wanted)).items[0]?.did).toBe('keep');
  });

  it('tops up once a peer is back', async () => {
    const target = new MemoryTarget(peers(3));
    const wanted = [request('a', { copies: copies(3, 3) })];
    away(target, 2);
    const short = await run(target, wanted);
    expect(short.items[0]).toMatchObject({ outcome: 'degraded', after: { copies: 2 } });
    away(target, 2, true);
    expect((await run(target, wanted)).items[0]).toMatchObject({
      outcome: 'satisfied',
      after: { copies: 3 },
    });
  });

  it('lets peers that gave up try again', async () => {
    const target = new MemoryTarget(peers(3));
    await run(target, [request('a')]);
    target.progress = (cid) => (cid === 'b' ? { error: 'disk full' } : 0);
    await run(target, [request('a'), request('b')], { deadlineMs: 1_000 });
    target.before = (call) => {
      if (call === 'recover') target.progress = () => 0;
    };
    const { items } = await run(target, [request('a'), request('b')]);
    expect(items.map(({ did, outcome }) => `${did} ${outcome}`)).toEqual([
      'keep satisfied',
      'recover satisfied',
    ]);
  });

  it('removes what was withdrawn, even where no request names its CID any more', async () => {
    const target = new MemoryTarget(peers(3));
    await run(target, [request('a'), request('b')]);
    const { items } = await run(target, [request('a')], { withdrawn: ['b@1.0.0'] });
    expect(items.map(({ did, outcome }) => `${did} ${outcome}`)).toEqual([
      'keep satisfied',
      'unpin satisfied',
    ]);
    expect([...target.pins.keys()]).toEqual(['a']);
  });

  it('writes nothing where all is well', async () => {
    const target = new MemoryTarget(peers(3));
    await run(target, [request('a')]);
    target.calls.length = 0;
    await run(target, [request('a')]);
    expect(target.calls.filter((call) => ['pin', 'unpin', 'recover'].includes(call))).toEqual([]);
  });
});

it('ends at its deadline, while it looks at what there is as well', async () => {
  const target = new MemoryTarget(peers(3));
  const clock = new ManualClock();
  const before = clock.now();
  target.observe = async function* (_, options) {
    for (let index = 0; index < 10_000; index += 1) {
      await clock.sleep(1_000, options?.signal);
      yield target.state(`c${index}`);
    }
  };
  const healing = heal([request('a')], target, { owner, clock, random: () => 0.5, deadlineMs: 30_000 });
  await expect(healing).rejects.toThrow('not done within 30000 ms');
  expect(clock.now() - before).toBe(30_000);
});

describe('status', () => {
  it('is healthy, degraded or unhealthy, by the copies that exist', async () => {
    const target = new MemoryTarget(peers(3, ['eu', 'us']));
    target.progress = (cid, peer) =>
      cid === 'a' || (cid === 'b' && peer === 'peer-0') ? 0 : { error: 'disk full' };
    for (const cid of ['a', 'b', 'c'])
      await target.pin(cid, { name: cid, min: 2, max: 3, origins: [], metadata: {} });
    target.settle();
    const report = await pinStatus(target, { clock: new ManualClock() });
    expect(report).toMatchObject({ healthy: 1, degraded: 1, unhealthy: 1, copies: 4 });
    expect(report.items.map(({ cid, health, copies }) => `${cid} ${health} ${copies}`)).toEqual([
      'a healthy 3',
      'b degraded 1',
      'c unhealthy 0',
    ]);
    expect(report.items[0]).toMatchObject({
      regions: ['eu', 'us'],
      availability: { available: 1 - 0.05 ** 3 },
    });
    expect(report.items[1]?.missing).toBe(
      '1 of 2 copies (peer-1: failed: disk full; peer-2: failed: disk full)',
    );
  });

  it('judges by what requests want, and asks for those alone', async () => {
    const target = new MemoryTarget(peers(3));
    for (const cid of ['a', 'b'])
      await target.pin(cid, { name: cid, min: 1, max: 1, origins: [], metadata: {} });
    target.settle();
    const report = await pinStatus(target, {
      requests: [request('a'), request('gone')],
      clock: new ManualClock(),
    });
    expect(report.items.map(({ cid, health, pinned, missing }) => [cid, health, pinned, missing])).toEqual([
      ['a', 'degraded', true, '1 of 2 copies'],
      ['gone', 'unhealthy', false, '0 of 2 copies (nobody was asked to hold it)'],
    ]);
    expect((await pinStatus(target, { cids: [], clock: new ManualClock() })).items).toEqual([]);
  });

  it('wants a copy on every peer of a pin that is everywhere', async () => {
    const target = new MemoryTarget(peers(3));
    await target.pin('a', { name: 'a', min: -1, max: -1, origins: [], metadata: {} });
    target.settle();
    away(target, 1);
    const [item] = (await pinStatus(target, { clock: new ManualClock() })).items;
    expect(item).toMatchObject({ health: 'degraded', copies: 2, wanted: { min: 3 } });
  });
});
