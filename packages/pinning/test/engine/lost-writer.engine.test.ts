import { startCluster, type TestPeer } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply.ts';
import { heal } from '../../src/heal/heal.ts';
import { owner, request } from '../requests.ts';
import { patience, planNow, targetOf } from './setting.ts';

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
    // As in a default cluster: what is lost is not told again for a minute.
    await using cluster = await startCluster({ peers: 3, rebroadcast: '1m' });
    const [writer, ...living] = cluster.peers;
    const texts = Array.from({ length: 20 }, (_, index) => `lost writer ${index} ${Math.random()}`);
    const cids = await Promise.all(
      texts.map((text, index) => cluster.addContent(text, { on: living[index % 2] ?? writer })),
    );
    const wanted = cids.map((cid) => request(cid));
    const target = targetOf(cluster);
    const plan = await planNow(target, wanted);
    let submitted = 0;
    let dead: Promise<void> | undefined;
    const report = await applyPlan(plan, target, {
      deadlineMs: patience,
      shortage: 'degrade',
      onProgress: ({ type }) => {
        if (type !== 'step-submitted') return;
        submitted += 1;
        if (submitted === 4) dead = cluster.stop(writer);
      },
    });
    await dead;
    target.close();
    const short = report.results.filter(({ outcome }) => outcome !== 'satisfied');
    expect(short.map(({ cid, reason }) => `${cid}: ${reason}`)).toEqual([]);
    expect(await pinnedOnAll(living, cids)).toEqual(cids);

    const left = targetOf(
      cluster,
      living.map(({ restUrl }) => restUrl),
    );
    const healed = await heal(wanted, left, { owner, deadlineMs: patience });
    left.close();
    expect(healed.applied.outcome).toBe('satisfied');
    for (const peer of living) {
      const pinset = await peer.list<{ cid: string }>('/allocations');
      expect(pinset.map(({ cid }) => cid).sort()).toEqual([...cids].sort());
    }
  });
});
