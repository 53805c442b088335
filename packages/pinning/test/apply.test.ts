import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { type ApplyOptions, applyPlan } from '../src/apply/apply.ts';
import type { PinRequest } from '../src/desired/request.ts';
import { type PlanContext, planPins } from '../src/plan/plan.ts';
import type { PinningEvent } from '../src/progress/event.ts';
import { isOwn, readClaims, writeClaims } from '../src/target/claim-metadata.ts';
import { PinningError } from '../src/target/pinning-error.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';

interface Run extends ApplyOptions {
  readonly context?: Partial<PlanContext>;
}

function planFor(
  target: MemoryTarget,
  desired: readonly PinRequest[],
  now: number,
  context: Partial<PlanContext> = {},
) {
  const cids = new Set([...desired.map(({ cid }) => cid), ...target.pins.keys()]);
  return planPins(
    desired,
    [...cids].map((cid) => target.state(cid)),
    { owner, info: target.info(), at: new Date(now), ...context },
  );
}

async function apply(
  target: MemoryTarget,
  desired: readonly PinRequest[],
  { context = {}, ...options }: Run = {},
) {
  const clock = options.clock ?? new ManualClock();
  const plan = planFor(target, desired, clock.now(), context);
  target.calls.length = 0;
  return applyPlan(plan, target, { clock, random: () => 0.5, ...options });
}

describe('applying a plan', () => {
  it('waits for copies that exist, and says where they are', async () => {
    const target = new MemoryTarget(peers(3, ['eu', 'us', 'ap']));
    target.progress = () => 3;
    const report = await apply(target, [request('a')]);
    expect(report).toMatchObject({
      outcome: 'satisfied',
      satisfied: 1,
      degraded: 0,
      failed: 0,
      ended: 'done',
    });
    expect(report.results[0]).toMatchObject({
      outcome: 'satisfied',
      reason: '3 copies of at least 2 in ap, eu, us',
    });
    expect(report.polls).toBeGreaterThan(3);
  });

  it('says after a minute that no peer finds the content, once for each dataset', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = (cid) => (cid === 'good' ? 1 : cid === 'lost' ? 1e9 : { error: 'no providers' });
    const events: PinningEvent[] = [];
    const wanted = ['good', 'lost', 'failing'].map((cid) => request(cid));
    await apply(target, wanted, { deadlineMs: 300_000, onProgress: (event) => events.push(event) });
    const unfound = events.filter((event) => event.type === 'unfound');
    expect(unfound.map(({ cid }) => cid).sort()).toEqual(['failing', 'lost']);
    for (const { waitedMs } of unfound) expect(waitedMs).toBeGreaterThanOrEqual(60_000);
    const early: PinningEvent[] = [];
    await apply(new MemoryTarget(peers(3)), wanted, {
      deadlineMs: 30_000,
      onProgress: (event) => early.push(event),
    });
    expect(early.filter(({ type }) => type === 'unfound')).toEqual([]);
  });

  it('succeeds at the least copies in spite of unrelated errors', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = (_cid, peer) => (peer === 'peer-2' ? { error: 'disk is on fire' } : 1);
    const report = await apply(target, [request('a')]);
    expect(report.outcome).toBe('satisfied');
    expect(report.results[0]?.coverage?.peers.find(({ peer }) => peer === 'peer-2')?.why).toBe(
      'failed: disk is on fire',
    );
  });

  it('keeps satisfied, degraded and failed apart, and explains every peer at the deadline', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = (cid, peer) => {
      if (cid === 'good') return 1;
      if (cid === 'half') return peer === 'peer-0' ? 1 : 1e9;
      return { error: 'context deadline exceeded' };
    };
    const clock = new ManualClock();
    const start = clock.now();
    target.now = () => start;
    const wanted = ['good', 'half', 'none'].map((cid) => request(cid));
    const report = await apply(target, wanted, { deadlineMs: 60_000, clock });
    expect(report).toMatchObject({
      outcome: 'failed',
      satisfied: 1,
      degraded: 1,
      failed: 1,
      ended: 'deadline',
    });
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['satisfied', 'degraded', 'failed']);
    expect(report.results[1]?.reason).toMatch(
      /^1 of 2 copies \(peer-1: pinning for 5\d s; peer-2: pinning for 5\d s\)$/,
    );
    expect(report.results[2]?.reason).toMatch(
      /^0 of 2 copies \(peer-0: content not found: context deadline exceeded; /,
    );
    expect(report.elapsedMs).toBeLessThan(61_000);
  });

  it('never counts an empty peer map, or peers that hold nothing, as copies', async () => {
    const target = new MemoryTarget([]);
    const report = await apply(target, [request('a')]);
    expect(report.results[0]).toMatchObject({ outcome: 'failed' });
    expect(report.capacity.problems[0]).toMatchObject({ code: 'no-peers' });
    expect(target.pins.size).toBe(0);
  });

  it('asks about 300 CIDs in few requests', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = (cid) => (Number(cid.slice(1)) % 50 === 0 ? 12 : 2);
    const wanted = Array.from({ length: 300 }, (_, index) => request(`c${index}`));
    const report = await apply(target, wanted, { deadlineMs: 120_000 });
    expect(report.satisfied).toBe(300);
    expect(target.count('pin')).toBe(300);
    expect(target.count('poll')).toBeLessThan(30);
    expect(target.count('observe')).toBe(0);
  });

  it('looks only where something can have changed, and at everything in turn', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = () => 1e9;
    const wanted = Array.from({ length: 400 }, (_, index) => request(`c${index}`));
    const report = await apply(target, wanted, { deadlineMs: 60_000 });
    // Eight requests would be needed for each look at all of them; the last look is at all.
    expect(target.count('poll')).toBeLessThan(report.polls + 8);
    for (const { coverage } of report.results)
      expect(coverage?.peers.every(({ state }) => state === 'pinning')).toBe(true);
  });

  it('says a pin again that peers have not heard of, without changing it', async () => {
    const target = new MemoryTarget(peers(3));
    target.deaf.add('peer-2');
    let writes = 0;
    target.before = (call) => {
      if (call === 'pin' && ++writes === 3) target.deaf.clear();
    };
    const events: PinningEvent[] = [];
    const wanted = ['a', 'b'].map((cid) => request(cid, { copies: copies(3, 3) }));
    const report = await apply(target, wanted, {
      deadlineMs: 60_000,
      onProgress: (event) => events.push(event),
    });
    expect(report.outcome).toBe('satisfied');
    expect(report.elapsedMs).toBeLessThan(5_000);
    expect(events.filter(({ type }) => type === 'echoed')).toHaveLength(1);
    expect(target.pins.get('a')).toMatchObject({ min: 3, max: 3, name: 'dataset a' });
  });

  it('says ever more pins again to a peer that learns by each of them nothing else', async () => {
    const target = new MemoryTarget(peers(3));
    const wanted = Array.from({ length: 300 }, (_, index) => request(`c${index}`, { copies: copies(3, 3) }));
    for (const { cid } of wanted.slice(0, 200)) target.missed.add(`${cid} peer-2`);
    const report = await apply(target, wanted, { deadlineMs: 120_000 });
    expect(report.outcome).toBe('satisfied');
    expect(report.elapsedMs).toBeLessThan(60_000);
    expect(target.count('pin')).toBeLessThan(300 + 300);
  });

  it('gives up no pin that it has not said again itself', async () => {
    const target = new MemoryTarget(peers(3));
    const wanted = Array.from({ length: 3_000 }, (_, index) =>
      request(`c${index}`, { copies: copies(3, 3) }),
    );
    for (const { cid } of wanted) target.missed.add(`${cid} peer-2`);
    const report = await apply(target, wanted, { deadlineMs: 600_000 });
    expect(report.outcome).toBe('satisfied');
    expect(report.elapsedMs).toBeLessThan(300_000);
  });

  it('gives up, long before the deadline, where a peer does not hear of what is said again', async () => {
    const target = new MemoryTarget(peers(3));
    target.deaf.add('peer-2');
    const report = await apply(target, [request('a', { copies: copies(3, 3) })], { deadlineMs: 600_000 });
    expect(report).toMatchObject({ outcome: 'degraded', ended: 'done' });
    expect(report.elapsedMs).toBeLessThan(120_000);
  });

  it('tries again after passing faults, as long as the target asks', async () => {
    const target = new MemoryTarget(peers(3));
    const clock = new ManualClock();
    const busy = new PinningError('unavailable', 'busy', { retryAfterMs: 30_000 });
    target.faults.push(
      { call: 'pin', error: busy },
      { call: 'poll', error: new PinningError('timeout', 'slow') },
    );
    const before = clock.now();
    const report = await apply(target, [request('a')], { clock });
    expect(report.outcome).toBe('satisfied');
    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000);
    expect(target.count('pin')).toBe(2);
  });

  it('says why a target was not waited for, and not that the time was over', async () => {
    for (const [retryAfterMs, within] of [
      [3_600_000, 1_000],
      [300_000, 61_000],
    ] as const) {
      const target = new MemoryTarget(peers(3));
      const clock = new ManualClock();
      const before = clock.now();
      target.faults.push({
        call: 'pin',
        error: new PinningError('unavailable', 'too many', { retryAfterMs }),
      });
      const report = await apply(target, [request('a')], { clock, deadlineMs: 60_000 });
      expect(report.results[0]).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/^too many; /),
      });
      expect(clock.now() - before).toBeLessThanOrEqual(within);
    }
  });

  it.each([
    ['raise', { copies: copies(2, 5) }],
    ['extend', { expires: '2029-01-01T00:00:00Z' }],
    ['update', { name: 'another name' }],
  ] as const)(
    'is not satisfied where the target refuses to %s, though copies exist',
    async (kind, changes) => {
      const target = new MemoryTarget(peers(5));
      const expires = '2027-01-01T00:00:00Z';
      const metadata = writeClaims([{ owner, id: 'a@1.0.0', min: 2, max: 3, regions: 0, expires }]);
      await target.pin('a', { name: 'dataset a', min: 2, max: 3, expires, origins: [], metadata });
      target.settle();
      target.faults.push({ call: 'pin', error: new PinningError('unauthorized', '403') });
      const report = await apply(target, [request('a', { expires, ...changes })]);
      expect(report.results[0]).toMatchObject({
        step: kind,
        outcome: 'degraded',
        reason: expect.stringMatching(/^its pin is not as wanted \(.*\): 403; 3 copies of at least 2$/),
      });
    },
  );

  it.each(['invalid', 'unauthorized', 'not-enough-peers'] as const)(
    'does not try again what is %s',
    async (code) => {
      const target = new MemoryTarget(peers(3));
      target.faults.push({ call: 'pin', error: new PinningError(code, 'no') });
      const report = await apply(target, [request('a'), request('b')]);
      expect(target.count('pin')).toBe(2);
      expect(report.results.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
        ['failed', code],
        ['satisfied', undefined],
      ]);
    },
  );

  it('lets a bug through as what it is', async () => {
    const target = new MemoryTarget(peers(3));
    target.faults.push({ call: 'pin', error: new TypeError('a bug') });
    await expect(apply(target, [request('a')])).rejects.toThrow(TypeError);
  });

  it('gives up when nobody answers, with the copies it does not know of failed', async () => {
    const target = new MemoryTarget(peers(3));
    for (let i = 0; i < 500; i += 1)
      target.faults.push({ call: 'poll', error: new PinningError('unavailable', 'gone') });
    const report = await apply(target, [request('a')], { deadlineMs: 30_000 });
    expect(report).toMatchObject({ outcome: 'failed', ended: 'deadline' });
    expect(report.results[0]?.reason).toBe('its copies could not be looked at: gone');
  });

  it('stops when cancelled, and says what was not done', async () => {
    const target = new MemoryTarget(peers(3));
    const stop = new AbortController();
    target.before = (call, cid) => {
      if (call === 'pin' && cid === 'b') stop.abort();
    };
    const wanted = ['a', 'b', 'c'].map((cid) => request(cid));
    const report = await apply(target, wanted, { signal: stop.signal, concurrency: 1 });
    expect(report).toMatchObject({ outcome: 'failed', ended: 'cancelled' });
    expect(report.results[2]?.reason).toMatch(/^the time was over before it was asked for/);
    expect(target.pins.has('c')).toBe(false);
  });

  it('refuses before pinning what the peers cannot hold, with the numbers', async () => {
    const target = new MemoryTarget(peers(3));
    const report = await apply(target, [request('a', { copies: copies(5, 7) }), request('b')]);
    expect(target.pins.has('a')).toBe(false);
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['failed', 'satisfied']);
    expect(report.results[0]?.reason).toMatch(/^5 copies are wanted and 3 of 3 peers can take one/);
  });

  it('makes the copies that can be made when asked to, and calls that degraded', async () => {
    const target = new MemoryTarget(peers(3));
    const report = await apply(target, [request('a', { copies: copies(5, 7) })], {
      shortage: 'degrade',
      deadlineMs: 60_000,
    });
    expect(report.results[0]).toMatchObject({ outcome: 'degraded', coverage: { copies: 3 } });
    expect(report.elapsedMs).toBeLessThan(5_000);
    expect(report.ended).toBe('done');
  });

  it('replaces a peer that dies while it pins', async () => {
    const target = new MemoryTarget(peers(4));
    target.progress = (_cid, peer) => (peer === 'peer-0' ? 0 : 4);
    let looks = 0;
    target.before = (call) => {
      if (call === 'poll' && ++looks === 2)
        for (const id of [1, 2]) Object.assign(target.peers[id] ?? {}, { up: false });
    };
    const report = await apply(target, [request('a')], { deadlineMs: 300_000 });
    expect(report.results[0]).toMatchObject({ outcome: 'satisfied' });
    expect(target.pins.get('a')?.allocations).toContain('peer-3');
  });

  it('asks peers that gave up to try again, until the content appears', async () => {
    const target = new MemoryTarget(peers(3));
    let there = false;
    target.progress = () => (there ? 0 : { error: 'not found' });
    target.before = (call) => {
      if (call === 'recover') there = true;
    };
    const report = await apply(target, [request('a')], { deadlineMs: 300_000 });
    expect(report.outcome).toBe('satisfied');
    expect(target.count('recover')).toBe(1);
  });

  it('goes on with what gossip has not reached as long as others come to have their copies', async () => {
    const target = new MemoryTarget(peers(3));
    const clock = new ManualClock();
    const began = clock.now();
    const others = Array.from({ length: 12 }, (_, index) => `b${index}`);
    const reached = new Map([['late', 150], ...others.map((cid, i) => [cid, 12 * i] as const)]);
    const real = target.state.bind(target);
    target.state = (cid) => {
      const state = real(cid);
      const there = clock.now() - began >= 1000 * (reached.get(cid) ?? 0);
      const before = cid === 'late' ? 'absent' : 'pinning';
      return there ? state : { ...state, peers: state.peers.map((copy) => ({ ...copy, state: before })) };
    };
    const wanted = ['late', ...others].map((cid) => request(cid));
    const { outcome, results } = await apply(target, wanted, { clock, deadlineMs: 600_000 });
    expect({ outcome, late: results.find(({ cid }) => cid === 'late')?.outcome }).toEqual({
      outcome: 'satisfied',
      late: 'satisfied',
    });
  });

  it('does not wait for the deadline where nothing more can come', async () => {
    const target = new MemoryTarget(peers(3));
    await target.pin('a', { name: 'by hand', min: 1, max: 1, origins: [], metadata: {} });
    target.settle();
    const report = await apply(target, [request('a')], { deadlineMs: 600_000 });
    expect(report).toMatchObject({ outcome: 'degraded', ended: 'done', polls: 1 });
    expect(target.pins.get('a')).toMatchObject({ name: 'by hand', min: 1, max: 1 });
  });
});

describe('beside other writers', () => {
  const theirs = { owner: 'github.com/b/maps', id: 'maps@2', min: 1, max: 1, regions: 0 };

  it('keeps what another repository wrote after the plan was made', async () => {
    const target = new MemoryTarget(peers(5));
    const own = { owner, id: 'a@1.0.0', min: 1, max: 1, regions: 0 };
    const pin = { name: 'dataset a', min: 1, max: 1, origins: [] };
    await target.pin('a', { ...pin, metadata: writeClaims([own]) });
    target.settle();
    const plan = planFor(target, [request('a')], 0);
    expect(plan.steps[0]?.kind).toBe('raise');
    await target.pin('a', {
      ...pin,
      min: 4,
      max: 4,
      metadata: { ...writeClaims([own, theirs]), note: 'new' },
    });
    target.settle();
    await applyPlan(plan, target, { clock: new ManualClock(), random: () => 0.5 });
    const after = target.pins.get('a');
    expect(after && readClaims(after)).toEqual([theirs, { ...own, min: 2, max: 3 }]);
    expect(after?.metadata.note).toBe('new');
  });

  it.each([
    ['by hand', { by: 'hand' }],
    ['by another repository', writeClaims([{ ...theirs, min: 4, max: 4 }])],
  ])('leaves what was pinned %s after the plan had found nothing', async (_, metadata) => {
    const target = new MemoryTarget(peers(5));
    const plan = planFor(target, [request('a')], 0);
    expect(plan.steps[0]?.kind).toBe('pin');
    await target.pin('a', { name: 'theirs', min: 4, max: 4, origins: [], metadata });
    target.settle();
    const report = await applyPlan(plan, target, { clock: new ManualClock(), random: () => 0.5 });
    expect(report.outcome).toBe('satisfied');
    expect(target.pins.get('a')).toMatchObject({ name: 'theirs', min: 4, max: 4 });
    expect(isOwn(target.pins.get('a'), theirs.owner)).toBe('holdfast-repo' in metadata);
    if (metadata.by !== undefined) expect(target.pins.get('a')?.metadata).toEqual(metadata);
  });

  it('does not believe a look for long where pins take their time', async () => {
    const target = new MemoryTarget(peers(3));
    const clock = new ManualClock();
    const pin = target.pin.bind(target);
    target.pin = async (cid, wanted, options) => {
      await clock.sleep(3_001);
      await pin(cid, wanted, options);
      if (cid === 'a')
        await pin('b', { name: 'by hand', min: 3, max: 3, origins: [], metadata: { by: 'hand' } });
    };
    const report = await apply(target, [request('a'), request('b')], { clock, concurrency: 1 });
    expect(report.outcome).toBe('satisfied');
    expect(target.pins.get('b')).toMatchObject({ name: 'by hand', min: 3 });
    expect(target.count('look')).toBe(2);
  });

  it('gives a peer that is behind the time to hear of what was written', async () => {
    const target = new MemoryTarget(peers(5));
    const own = writeClaims([{ owner, id: 'a@1.0.0', min: 1, max: 1, regions: 0 }]);
    await target.pin('a', { name: 'dataset a', min: 1, max: 1, origins: [], metadata: own });
    target.settle();
    const clock = new ManualClock();
    const old = target.state('a');
    const plan = planFor(target, [request('a')], 0);
    let writtenAt: number | undefined;
    target.before = (call) => {
      if (call === 'pin') writtenAt ??= clock.now();
    };
    const state = target.state.bind(target);
    target.state = (cid) => (writtenAt !== undefined && clock.now() < writtenAt + 1_500 ? old : state(cid));
    const report = await applyPlan(plan, target, { clock, random: () => 0.5 });
    expect(report.results[0]).toMatchObject({ outcome: 'satisfied', reason: '3 copies of at least 2' });
  });

  it('has one owner write what it says of a pin, and not each in turn', async () => {
    const target = new MemoryTarget(peers(3));
    const kinds: unknown[] = [];
    for (const [who, digest] of [...Array(6).keys()].map((run) => (run % 2 ? ['b/b', '2'] : ['a/a', '1']))) {
      const wanted = request('a', { owner: who ?? '', metadata: { digest: digest ?? '' } });
      const report = await apply(target, [wanted], { context: { owner: who ?? '' } });
      target.settle();
      kinds.push(report.results[0]?.step);
    }
    expect(kinds).toEqual(['pin', 'update', 'keep', 'keep', 'keep', 'keep']);
    expect(target.pins.get('a')?.metadata.digest).toBe('1');
  });

  it('writes its claim again when another writer replaced the pin meanwhile', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = () => 6;
    let looks = 0;
    target.before = (call) => {
      if (call !== 'poll' || ++looks !== 2) return;
      const pin = target.pins.get('a');
      if (pin) target.pins.set('a', { ...pin, metadata: writeClaims([theirs]) });
    };
    const report = await apply(target, [request('a')], { deadlineMs: 60_000 });
    expect(report.outcome).toBe('satisfied');
    expect(isOwn(target.pins.get('a'), owner)).toBe(true);
    expect(isOwn(target.pins.get('a'), theirs.owner)).toBe(true);
  });

  it('says so when somebody keeps undoing it', async () => {
    const target = new MemoryTarget(peers(5));
    const own = writeClaims([{ owner, id: 'a@1.0.0', min: 1, max: 1, regions: 0 }]);
    const pin = { name: 'dataset a', min: 1, max: 1, origins: [], metadata: own, allocations: ['peer-0'] };
    target.pins.set('a', pin);
    target.settle();
    target.before = (call) => {
      if (call === 'observe') target.pins.set('a', pin);
    };
    const report = await apply(target, [request('a')], { deadlineMs: 60_000 });
    expect(report.results[0]?.error?.message).toMatch(
      /still not as written after 3 writes; is something else changing it\?/,
    );
  });

  it('does the same twice at once without harm', async () => {
    const target = new MemoryTarget(peers(3));
    const wanted = Array.from({ length: 20 }, (_, index) => request(`c${index}`));
    const reports = await Promise.all([apply(target, wanted), apply(target, wanted)]);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['satisfied', 'satisfied']);
    expect(target.pins.size).toBe(20);
  });

  it('picks up where a run stopped, between the two writes of a raise as well', async () => {
    const wanted = [request('a', { copies: copies(3, 5) }), request('b')];
    const own = writeClaims([{ owner, id: 'a@1.0.0', min: 1, max: 1, regions: 0 }]);
    // Every place a run can die at: after its first write, after its recheck, and so on.
    for (let writes = 1; writes <= 3; writes += 1) {
      const target = new MemoryTarget(peers(5));
      await target.pin('a', { name: 'dataset a', min: 1, max: 1, origins: [], metadata: own });
      target.settle();
      let left = writes;
      target.before = (call) => {
        if (call === 'pin' && left-- === 0) throw new Error('killed');
      };
      await apply(target, wanted, { concurrency: 1 }).catch(() => undefined);
      target.before = () => {};
      const report = await apply(target, wanted);
      expect(report.outcome).toBe('satisfied');
      expect(target.pins.get('a')).toMatchObject({ min: 3, max: 5 });
      expect(target.pins.size).toBe(2);
      const again = await apply(target, wanted);
      expect(again.results.map(({ step }) => step)).toEqual(['keep', 'keep']);
    }
  });
});

describe('its events', () => {
  it('survive JSON, in order, with the steps and the wait', async () => {
    const target = new MemoryTarget(peers(3));
    target.progress = () => 2;
    target.faults.push({ call: 'pin', error: new PinningError('unavailable', 'busy') });
    const events: PinningEvent[] = [];
    await apply(target, [request('a')], { onProgress: (event) => events.push(event) });
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
    const types = events.map(({ type }) => type);
    expect([...new Set(types)]).toEqual([
      'planned',
      'capacity',
      'step-started',
      'retry',
      'step-submitted',
      'waiting',
      'settled',
      'applied',
    ]);
    expect(events.every(({ target: label }) => label === 'memory')).toBe(true);
  });

  it('count of each CID no more copies than are wanted, so that many of one do not hide that another has none', async () => {
    const target = new MemoryTarget(peers(5));
    await target.pin('a', { name: 'by hand', min: 5, max: 5, origins: [], metadata: {} });
    target.settle();
    target.progress = (cid) => (cid === 'b' ? 2 : 0);
    const events: PinningEvent[] = [];
    await apply(target, [request('a'), request('b')], { onProgress: (event) => events.push(event) });
    const waiting = events.filter((event) => event.type === 'waiting');
    expect(waiting[0]).toMatchObject({
      ...{ settled: 1, total: 2, copies: 2, copiesWanted: 4 },
      waitsFor: { cid: 'b', missing: expect.stringMatching(/^0 of 2 copies \(peer-0: queued/) },
    });
    expect(waiting.at(-1)).toMatchObject({ settled: 2, copies: 4, copiesWanted: 4 });
    expect(waiting.at(-1)).not.toHaveProperty('waitsFor');
  });
});

it('asks for what is known to be somewhere before what may be nowhere', async () => {
  const target = new MemoryTarget(peers(3));
  const origins = ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWDAbzoEQxfSokgiwxmRwRsDeSMmaZ7yJVErwATv1N4u5T'];
  const asked: string[] = [];
  target.before = (call, cid) => {
    if (call === 'pin' && cid !== undefined) asked.push(cid);
  };
  await apply(target, [request('nowhere'), request('somewhere', { origins })], { concurrency: 1 });
  expect(asked).toEqual(['somewhere', 'nowhere']);
});
