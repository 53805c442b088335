import { startCluster, type TestCluster, type TestPeer } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply.ts';
import { heal } from '../../src/heal/heal.ts';
import { owner, request } from '../requests.ts';
import { patience, planNow, targetOf } from './setting.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ peers: 3, rebroadcast: '1m' });
}, patience);
afterAll(() => cluster?.close());
beforeEach(() => cluster.clean(), patience);

/** More rounds than one are for measuring: `HOLDFAST_ROUNDS=50`. */
const repeats = Number(process.env.HOLDFAST_ROUNDS ?? 1) - 1;

/** CIDs that each of these Kubo nodes has pinned, asked of the nodes themselves. */
async function pinnedOnAll(peers: readonly TestPeer[], cids: readonly string[]): Promise<string[]> {
  const sets = await Promise.all(
    peers.map(async ({ kuboApi }) => {
      const answer = await fetch(`${kuboApi}/api/v0/pin/ls?type=recursive`, { method: 'POST' });
      const { Keys } = (await answer.json()) as { Keys?: Record<string, unknown> };
      return new Set(Object.keys(Keys ?? {}));
    }),
  );
  return cids.filter((cid) => sets.every((set) => set.has(cid)));
}

describe('the peer that took the writes dies before it told the others', { timeout: 2 * patience }, () => {
  it('makes the copies all the same, and heal has nothing left to do', { repeats }, async () => {
    const [writer, ...living] = cluster.peers;
    const texts = Array.from({ length: 20 }, (_, index) => `lost writer ${index} ${Math.random()}`);
    const cids = await Promise.all(
      texts.map((text, index) => cluster.addContent(text, { on: living[index % 2] ?? writer })),
    );
    const wanted = cids.map((cid) => request(cid));
    using target = disposable(targetOf(cluster));
    const plan = await planNow(target, wanted);
    let submitted = 0;
    let dead: Promise<void> | undefined;
    const report = await applyPlan(plan, target, {
      deadlineMs: patience,
      concurrency: 16,
      shortage: 'degrade',
      onProgress: ({ type }) => {
        if (type === 'step-submitted' && ++submitted === 4) dead = cluster.stop(writer);
      },
    });
    await dead;
    const told = await Promise.all(living.map((peer) => peer.list<{ cid: string }>('/allocations')));
    process.stderr.write(`ROUND ${report.outcome} ${report.elapsedMs} told ${told.map((t) => t.length)} ${report.results.find((r)=>r.outcome!=='satisfied')?.reason}\n`);
    expect(report.results.map(({ reason }) => reason).filter((reason) => /of 2 copies/.test(reason))).toEqual([]);
    expect(report.outcome).toBe('satisfied');
    expect(await pinnedOnAll(living, cids)).toEqual(cids);

    using left = disposable(targetOf(cluster, living.map(({ restUrl }) => restUrl)));
    const healed = await heal(wanted, left, { owner, deadlineMs: patience });
    expect(healed.applied.outcome).toBe('satisfied');
    const pinsets = await Promise.all(living.map((peer) => peer.list<{ cid: string }>('/allocations')));
    for (const pinset of pinsets) expect(pinset.map(({ cid }) => cid).sort()).toEqual([...cids].sort());
  });
});

function disposable<T extends { close(): void }>(target: T): T & Disposable {
  return Object.assign(target, { [Symbol.dispose]: () => target.close() });
}
