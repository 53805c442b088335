import { readFile } from 'node:fs/promises';
import {
  blockDamages,
  blockFiles,
  gatewayFaults,
  startCluster,
  startFaultProxy,
  type TestPeer,
} from '@holdfast/testkit';
import { expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

it('shows what was lost on a real cluster, and what brought it back', async () => {
  await using box = await sandbox();
  await initialized(box);
  await box.write({ 'data/a.csv': 'time,metres\n'.repeat(2_000) });
  await signedTides(box, { tier: 'important' });
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Add tides');
  await using cluster = await startCluster({ peers: 3 });
  const [first, second, third] = cluster.peers as [TestPeer, TestPeer, TestPeer];
  await using gateway = await startFaultProxy(first.kubo.gateway);
  const target = ['--cluster-url', first.restUrl];
  await expectOk(box, ['publish', 'data', ...target]);
  await expectOk(box, ['pin', ...target]);

  const look = async () => {
    const round = await box.run(['watch', '--once', ...target, '--gateway', gateway.url]);
    await expectOk(box, ['site', 'build']);
    const page = await readFile(box.path('site/index.html'), 'utf8');
    const status = JSON.parse(await readFile(box.path('site/status.json'), 'utf8')) as {
      copies: { average: number };
      incidents: {
        kind: string;
        what: string;
        closedAt: string | null;
        fixedBy?: string;
        openedAt: string;
      }[];
    };
    return { round, page, headline: /<h1>(.*?)<\/h1>/.exec(page)?.[1], ...status };
  };
  const whole = 'The dataset has all its copies';
  const well = await look();
  expect([well.round.code, well.headline]).toEqual([0, whole]);

  // A peer killed: it vanishes from the cluster's answers, with no error.
  await cluster.stop(third, 'kill');
  await expect.poll(async () => (await look()).headline, { timeout: 90_000, interval: 500 }).not.toBe(whole);
  const dead = await look();
  expect(dead.round.code).toBe(1);
  expect(dead.page).toMatch(/<em>(gone|down)<\/em>/);
  expect(dead.page).toContain('open for');
  await cluster.restart(third);
  // The look that saw it whole: a peer that has just started may be away again for a moment.
  let back = dead;
  const again = async () => {
    back = await look();
    return back.headline;
  };
  await expect.poll(again, { timeout: 90_000, interval: 500 }).toBe(whole);
  // It drops, though a dead peer is not in the answers.
  expect(back.copies.average).toBeLessThan(3);
  expect(back.incidents.find(({ kind }) => kind === 'dataset')).toMatchObject({
    what: `2 of 3 copies: lost the copy on ${third.name}`,
    closedAt: expect.any(String),
  });

  // A Kubo emptied: the cluster goes on saying pinned.
  for (const file of blockFiles(second.kubo.repository)) blockDamages.removed(file);
  expect((await box.run(['status', ...target])).code).toBe(0);
  const emptied = await look();
  expect(emptied.page).toContain(`lost the copy on ${second.name}`);
  await expectOk(box, ['heal', ...target]);
  const healed = await look();
  expect(healed.headline).toBe(whole);
  expect(healed.page).toContain(`Back: <bdi>a copy on ${second.name}</bdi>`);

  // A gateway hung: three rounds in a row are an incident.
  gateway.inject(gatewayFaults.hangs);
  for (let round = 0; round < 3; round++) await look();
  const hung = await look();
  expect(hung.incidents.find(({ kind, closedAt }) => kind === 'place' && closedAt === null)).toBeDefined();
  expect(hung.page).toContain('did not serve');
  gateway.clear();
  expect((await look()).incidents.every(({ closedAt }) => closedAt !== null)).toBe(true);
}, 400_000);
