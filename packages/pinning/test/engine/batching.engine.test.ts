import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heal, pin } from '../../src/heal/heal.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { copies, owner, request } from '../requests.ts';
import { patience, targetOf } from './setting.ts';

let cluster: TestCluster;
beforeAll(async () => {
  // As deploy/ ships it: what a peer has taken is in nobody's pinset for a second.
  cluster = await startCluster({ batching: { size: 100, age: '1s' } });
}, patience);
afterAll(() => cluster?.close());

describe('a cluster that collects changes', { timeout: patience }, () => {
  it('is pinned to, raised, shared and given up as any other', async () => {
    const target = targetOf(cluster);
    const cid = await cluster.addContent(`batching ${Date.now()}`);
    const other = 'github.com/other/data';
    const running = { deadlineMs: 60_000 };
    const ask = (min: number, max: number) =>
      heal([request(cid, { copies: copies(min, max) })], target, { owner, ...running });
    const outcome = async (run: ReturnType<typeof ask>) => {
      const { items } = await run;
      return `${items[0]?.did} ${items[0]?.outcome} ${items[0]?.after.copies}`;
    };
    expect(await outcome(ask(1, 1))).toBe('pin satisfied 1');
    expect(await outcome(ask(3, 3))).toBe('raise satisfied 3');
    expect(await outcome(ask(3, 3))).toBe('keep satisfied 3');
    const theirs = { ...request(cid), id: 'maps@1.0.0', owner: other, copies: copies(2, 2) };
    expect((await pin([theirs], target, { owner: other, ...running })).outcome).toBe('satisfied');
    const gone = await pin([], target, { owner, withdrawn: [request(cid).id], ...running });
    expect(gone.results.map(({ step, outcome: how }) => `${step} ${how}`)).toEqual(['release satisfied']);
    const last = await pin([], target, { owner: other, withdrawn: ['maps@1.0.0'], ...running });
    expect(last.results.map(({ step, outcome: how }) => `${step} ${how}`)).toEqual(['unpin satisfied']);
  });

  it('takes many at once, and is rolled out over', async () => {
    const target = targetOf(cluster);
    const cids = await Promise.all(
      Array.from({ length: 60 }, (_, index) => cluster.addContent(`many ${index} ${Date.now()}`)),
    );
    const requests = cids.map((cid) => request(cid, { copies: copies(2, 3) }));
    expect(await pin(requests, target, { owner, deadlineMs: 120_000 })).toMatchObject({ satisfied: 60 });
    const next = request(await cluster.addContent(`next ${Date.now()}`), { copies: copies(3, 3, 3) });
    const report = await rollOut([next], target, { owner, deadlineMs: 120_000 });
    expect(report, report.datasets[0]?.reason).toMatchObject({ outcome: 'done' });
    expect(report.phases.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });
});
