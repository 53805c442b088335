import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterTarget, pin } from '@holdfast/pinning';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { summarize, watchRound } from '@holdfast/watch';
import { openHistory } from '@holdfast/watch/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

let cluster: TestCluster;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-watch-'));
  cluster = await startCluster({ peers: 3 });
}, 120_000);
afterAll(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

it('sees a peer die on a real cluster, and what brought the copies back', async () => {
  const cid = await cluster.addContent(randomBytes(500));
  const owner = 'example.org/data';
  const copies = { min: 3, max: 3, regions: 0, spread: 'where-tagged' } as const;
  const requests = [{ cid, id: 'tides@1.0.0', owner, name: 'tides', copies, totalSize: 500 }];
  const [first, , third] = cluster.peers;
  if (third === undefined) throw new Error('expected three peers');
  const target = new ClusterTarget({ endpoints: [first.restUrl] });
  await pin(requests, target, { owner, deadlineMs: 60_000 });

  const history = openHistory(join(folder, 'history'));
  const places = [{ url: first.kubo.gateway, kind: 'gateway' as const }];
  const round = async () => {
    const seen = await watchRound({ requests, target, places, everyMs: 60_000, clock: Date.now });
    await history.append(seen);
    return seen;
  };
  expect((await round()).datasets['tides@1.0.0']).toMatchObject({ copies: 3, health: 'healthy' });

  // The dead peer leaves the cluster's answers without an error: only the copies say so.
  await cluster.stop(third, 'kill');
  await vi.waitFor(async () => expect((await round()).datasets['tides@1.0.0']?.copies).toBe(2), {
    timeout: 60_000,
    interval: 1_000,
  });
  const during = await summarize(history.lines(), { at: Date.now() });
  expect(during.incidents).toContainEqual(
    expect.objectContaining({
      kind: 'dataset',
      what: `2 of 3 copies: lost the copy on ${third.name}`,
    }),
  );
  expect(during.incidents.find(({ kind }) => kind === 'dataset')?.closedAt).toBeUndefined();

  await cluster.restart(third);
  await vi.waitFor(async () => expect((await round()).datasets['tides@1.0.0']?.copies).toBe(3), {
    timeout: 60_000,
    interval: 1_000,
  });
  const after = await summarize(history.lines(), { at: Date.now() });
  expect(after.incidents.find(({ kind }) => kind === 'dataset')).toMatchObject({
    fixedBy: `a copy on ${third.name}`,
    closedAt: expect.any(Number),
  });
  expect(after.repairMs?.count).toBeGreaterThan(0);
  expect(after.copies?.average).toBeLessThan(3);
  expect(after.places[0]).toMatchObject({ looks: after.rounds, ok: after.rounds });
}, 240_000);
