import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply.ts';
import { heal } from '../../src/heal/heal.ts';
import { pinStatus } from '../../src/heal/status.ts';
import { planPins } from '../../src/plan/plan.ts';
import { ownerKey, readClaims } from '../../src/target/claim-metadata.ts';
import type { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { copies, owner, request } from '../requests.ts';
import { cidOf, patience, pinOf, planNow, run, stateOf, targetOf, until } from './setting.ts';

let cluster: TestCluster;
let target: ClusterTarget;
let serial = 0;

beforeAll(async () => {
  cluster = await startCluster({ peers: 3 });
  target = targetOf(cluster);
}, patience);
afterAll(() => cluster?.close());
beforeEach(() => cluster.clean(), patience);

const content = () => `apply ${++serial} ${Date.now()}`;
const add = () => cluster.addContent(content());

describe('a cluster of three peers', { timeout: patience }, () => {
  it('gets copies that exist, then has nothing to do', async () => {
    const cid = await add();
    const { report } = await run(target, [request(cid)]);
    expect(report).toMatchObject({ outcome: 'satisfied', ended: 'done' });
    const state = await until('three copies', async () => {
      const now = await stateOf(target, cid);
      return now.peers.filter((peer) => peer.state === 'pinned').length === 3 && now;
    });
    expect(state.pin).toMatchObject({ min: 2, max: 3, name: `dataset ${cid}` });
    expect((await planNow(target, [request(cid)])).steps.map(({ kind }) => kind)).toEqual(['keep']);
  });

  it('raises from one copy to three: the short way does nothing, the way planned does', async () => {
    const cid = await add();
    await run(target, [request(cid, { copies: copies(1, 1) })]);
    const { min, max, name, origins, metadata } = await pinOf(target, cid);
    expect([min, max]).toEqual([1, 1]);
    await target.pin(cid, { name, origins, metadata, min: 1, max: 3 });
    expect((await pinOf(target, cid)).allocations).toHaveLength(1);

    const { plan, report } = await run(target, [request(cid, { copies: copies(2, 3) })]);
    expect(plan.steps[0]?.kind).toBe('raise');
    expect(report.outcome).toBe('satisfied');
    const pin = await pinOf(target, cid);
    expect(pin).toMatchObject({ min: 2, max: 3 });
    expect(pin.allocations).toHaveLength(3);
  });

  it('lowers, and keeps name, metadata, origins and end', async () => {
    const cid = await add();
    const origin = `/ip4/127.0.0.1/tcp/4001/p2p/${cluster.peers[0]?.kuboId}`;
    const wanted = request(cid, {
      copies: copies(3, 3),
      origins: [origin],
      metadata: { 'org.example.doi': '10.1/tides & more' },
      expires: '2099-01-01T00:00:00Z',
    });
    await run(target, [wanted], { wait: 'max' });
    const lower = { ...wanted, copies: copies(1, 1) };
    const { plan, report } = await run(target, [lower]);
    expect(plan.steps[0]?.kind).toBe('lower');
    expect(report.outcome).toBe('satisfied');
    const pin = await pinOf(target, cid);
    expect(pin.allocations).toHaveLength(1);
    expect(pin).toMatchObject({ min: 1, max: 1, name: wanted.name, origins: [origin] });
    expect(pin.metadata).toMatchObject({ 'org.example.doi': '10.1/tides & more', [ownerKey]: owner });
    expect(Date.parse(pin.expires ?? '')).toBe(Date.parse('2099-01-01T00:00:00Z'));
    expect((await planNow(target, [lower])).steps[0]?.kind).toBe('keep');
  });

  it('extends an end without losing the rest', async () => {
    const cid = await add();
    const wanted = request(cid, { expires: '2098-01-01T00:00:00Z', metadata: { note: 'keep me' } });
    await run(target, [wanted]);
    const { plan } = await run(target, [{ ...wanted, expires: '2099-06-01T12:00:00Z' }]);
    expect(plan.steps[0]?.kind).toBe('extend');
    const pin = await pinOf(target, cid);
    expect(Date.parse(pin.expires ?? '')).toBe(Date.parse('2099-06-01T12:00:00Z'));
    expect(pin).toMatchObject({ name: wanted.name, metadata: { note: 'keep me' } });
  });

  it('never changes a pin that others made by hand', async () => {
    const [enough, few] = [await add(), await add()];
    await target.pin(enough, {
      name: 'by hand',
      min: -1,
      max: -1,
      origins: [],
      metadata: { who: 'operator' },
    });
    await target.pin(few, { name: 'by hand', min: 1, max: 1, origins: [], metadata: {} });
    await until('copies', async () =>
      (await stateOf(target, enough)).peers.every(({ state }) => state === 'pinned'),
    );
    const before = [await pinOf(target, enough), await pinOf(target, few)];
    const { plan, report } = await run(target, [request(enough), request(few)]);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['adopt', 'conflict']);
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['satisfied', 'degraded']);
    await run(target, [], { context: { withdrawn: [`${enough}@1.0.0`, `${few}@1.0.0`] } });
    expect([await pinOf(target, enough), await pinOf(target, few)]).toEqual(before);
  });

  it('lets two repositories want one CID: the higher tier wins, and it goes with the last of them', async () => {
    const cid = await add();
    const theirs = 'github.com/other/data';
    const high = request(cid, { owner: theirs, copies: copies(3, 3) });
    await run(target, [request(cid, { copies: copies(1, 1) })]);
    await run(target, [high], { context: { owner: theirs } });
    expect(await pinOf(target, cid)).toMatchObject({ min: 3, max: 3 });
    expect(readClaims(await pinOf(target, cid)).map((each) => each.owner)).toEqual([theirs, owner]);
    await run(target, [], { context: { withdrawn: [`${cid}@1.0.0`] } });
    expect(readClaims(await pinOf(target, cid)).map((each) => each.owner)).toEqual([theirs]);
    expect((await pinOf(target, cid)).allocations).toHaveLength(3);
    const { plan } = await run(target, [], { context: { owner: theirs, withdrawn: [`${cid}@1.0.0`] } });
    expect(plan.steps[0]?.kind).toBe('unpin');
    expect((await stateOf(target, cid)).pin).toBeUndefined();
  });

  it('does the same from two runs at once without harm', async () => {
    const cids = await Promise.all(Array.from({ length: 10 }, add));
    const wanted = cids.map((cid) => request(cid));
    const other = targetOf(cluster, [...cluster.urls].reverse());
    const runs = await Promise.all([run(target, wanted), run(other, wanted)]);
    expect(runs.map(({ report }) => report.outcome)).toEqual(['satisfied', 'satisfied']);
    expect((await planNow(target, wanted)).steps.every(({ kind }) => kind === 'keep')).toBe(true);
    other.close();
  });

  it('waits for content that is not there yet, and says what it waits for', async () => {
    const text = content();
    const cid = cidOf(text);
    const short = await run(target, [request(cid)], { deadlineMs: 4_000 });
    expect(short.report).toMatchObject({ outcome: 'failed', ended: 'deadline' });
    expect(short.report.results[0]?.reason).toMatch(/^0 of 2 copies \(peer-\d: (pinning|queued) for \d+ s; /);
    const waiting = run(target, [request(cid)]);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await cluster.addContent(text)).toBe(cid);
    expect((await waiting).report.outcome).toBe('satisfied');
  });

  it('refuses before pinning what three peers cannot hold', async () => {
    const cid = await add();
    const { report } = await run(target, [request(cid, { copies: copies(5, 7) })]);
    expect(report.capacity).toMatchObject({ ok: false, peersUp: 3, problems: [{ needed: 5, available: 3 }] });
    expect(report.outcome).toBe('failed');
    expect((await stateOf(target, cid)).pin).toBeUndefined();
    const huge = await run(target, [request(cid, { totalSize: 2 ** 52 })]);
    expect(huge.report.capacity.problems[0]?.code).toBe('not-enough-space');
  });

  it('is not misled by a clock that is wrong', async () => {
    const cid = await add();
    for (const skew of [-86_400_000, 86_400_000]) {
      const clock = {
        now: () => Date.now() + skew,
        sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
      };
      const plan = planPins([request(cid)], [await stateOf(target, cid)], {
        owner,
        info: await target.inspect(),
        at: new Date(clock.now()),
      });
      const report = await applyPlan(plan, target, { clock, wait: 'max' });
      expect(report.outcome).toBe('satisfied');
      expect(report.elapsedMs).toBeLessThan(patience);
      for (const { why } of report.results[0]?.coverage?.peers ?? []) expect(why).not.toMatch(/-\d/);
    }
  });

  it('says what is down, and tops up once the peer is back', async () => {
    const [, , third] = cluster.peers;
    if (third === undefined) throw new Error('three peers expected');
    const early = await add();
    await run(target, [request(early, { copies: copies(2, 3) })], { wait: 'max' });
    await cluster.stop(third);
    const up = targetOf(cluster, cluster.urls.slice(0, 2));
    // The engine goes on allocating to a dead peer until its last metric ends.
    await until(
      'it is noticed',
      async () => (await up.metrics('freespace')).filter(({ valid }) => valid).length === 2,
    );
    const late = await add();
    const short = await run(up, [request(early), request(late)]);
    expect(short.report.outcome).toBe('satisfied');
    const peers = short.report.results[0]?.coverage?.peers ?? [];
    expect(peers.find(({ peer }) => peer === third.id)?.why).toMatch(/^peer down/);
    expect((await pinOf(up, late)).allocations).toHaveLength(2);

    await cluster.restart(third);
    await until('it is back', async () => (await up.inspect()).peers.filter((peer) => peer.up).length === 3);
    const healed = await heal([request(early), request(late)], up, {
      owner,
      wait: 'max',
      deadlineMs: patience,
    });
    expect(healed.items.map(({ did }) => did)).toEqual(['keep', 'top-up']);
    expect(healed.items.map(({ after }) => after.copies)).toEqual([3, 3]);
    const status = await pinStatus(up, { requests: [request(early), request(late)] });
    expect(status).toMatchObject({ healthy: 2, degraded: 0, unhealthy: 0, copies: 6 });
    up.close();
  });
});
