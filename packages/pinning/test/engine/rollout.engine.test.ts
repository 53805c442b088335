import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startCluster, startKubo, type TestCluster, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PinRequest } from '../../src/desired/request.ts';
import { heal } from '../../src/heal/heal.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { rolloutState } from '../../src/rollout/rollout-state.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { owner, type Places, placesGroup, rolloutOptions } from './rollout-places.ts';

// Two clusters in two regions, three Kubo nodes as a third with a quorum, and a pinning service as a fourth.
const credentials = { user: 'keeper', password: 'pinning-service-password' };
let eu: TestCluster;
let us: TestCluster;
let service: TestCluster;
let ap: TestKubo;
let places: Places;

beforeAll(async () => {
  eu = await startCluster({ peers: 2 });
  us = await startCluster({ peers: 2 });
  service = await startCluster({ peers: 1, auth: credentials, replication: { min: 1, max: 1 } });
  ap = await startKubo({ nodes: 3 });
  const nodes = [...[eu, us, service].flatMap(({ peers }) => peers.map(({ kubo }) => kubo)), ...ap.nodes];
  for (const [index, node] of nodes.entries())
    for (const other of nodes.slice(index + 1)) await node.connect(other);
  const token = await new ClusterTarget({
    endpoints: service.urls,
    auth: { basic: credentials },
  }).issueToken();
  const endpoint = service.peers[0].pinningServiceUrl;
  places = { eu: eu.urls, us: us.urls, ap: ap.nodes.map(({ api }) => api), paid: { endpoint, token } };
}, 240_000);
afterAll(() => Promise.all([eu, us, service, ap].map((each) => each?.close())));

let number = 0;
async function version(name: string): Promise<PinRequest> {
  number += 1;
  const cid = await eu.addContent({ 'a.bin': randomBytes(5_000), 'b.bin': randomBytes(300_000) });
  const copies = { min: 6, max: 7, regions: 4, spread: 'always' as const };
  return { cid, id: `${name}@${number}.0.0`, owner, name, copies };
}

/** Runs a rollout in a child process and kills it, without warning, at one of its writes. */
async function killedAt(write: number, requests: readonly PinRequest[], failing?: string): Promise<boolean> {
  const script = join(import.meta.dirname, 'rollout-child.ts');
  const input = JSON.stringify({ places, requests, failing });
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', script, input], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let writes = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'write') writes += 1;
    if (writes === write) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode === 'SIGKILL';
}

/** The copies of each region, as the engines say. */
async function regionsOf(requests: readonly PinRequest[]): Promise<string[]> {
  const { datasets } = await rolloutState(requests, placesGroup(places), { owner });
  return datasets.map(({ phases }) => phases.at(-1)?.regions.join(' ') ?? '');
}

describe('a rollout over real engines', () => {
  it('goes through its phases, and back where the second fails, an operator’s pin beside it', {
    timeout: 120_000,
  }, async () => {
    const theirs = await eu.addContent(randomBytes(400));
    const [first] = eu.peers;
    await first.request(
      `/pins/${theirs}?name=by-hand&replication-min=1&replication-max=1&meta-by=hand`,
      'POST',
    );
    const raw = async () =>
      JSON.stringify(
        (await first.list<{ cid: string }>('/allocations?filter=all')).find(({ cid }) => cid === theirs),
      );
    const before = await raw();
    expect(before).toContain('by-hand');
    const old = await version('tides');
    const done = await rollOut([old], placesGroup(places), rolloutOptions());
    expect(done.datasets[0]?.reason).toMatch(/^6 to 7 copies: [67] copies of at least 6 in ap, eu, sa, us$/);
    const next = await version('tides');
    const failed = await rollOut([next], placesGroup(places), rolloutOptions('ap'));
    expect(failed.datasets[0]).toMatchObject({
      outcome: 'rolled-back',
      phase: 'ap',
      reason: 'phase ap failed: not served; taken back: nothing of it is asked for any more',
    });
    await expect.poll(() => regionsOf([next]), { timeout: 20_000 }).toEqual(['']);
    expect(await regionsOf([old])).toEqual(['ap eu sa us']);
    expect(await raw()).toBe(before);
  });

  it('comes to the same end after SIGKILL at fifteen moments', { timeout: 400_000 }, async () => {
    let killed = 0;
    for (let write = 1; write <= 15; write += 1) {
      const failing = write % 3 === 0 ? 'us' : undefined;
      const requests = [await version('winds'), await version('waves')];
      if (await killedAt(write, requests, failing)) killed += 1;
      const report = await rollOut(requests, placesGroup(places), rolloutOptions(failing));
      const outcome = failing === undefined ? 'done' : 'rolled-back';
      expect(
        report.datasets.map((each) => each.outcome),
        `killed at write ${write}: ${report.datasets[0]?.reason}`,
      ).toEqual([outcome, outcome]);
      const regions = failing === undefined ? 'ap eu sa us' : '';
      await expect.poll(() => regionsOf(requests), { timeout: 20_000 }).toEqual([regions, regions]);
      if (failing !== undefined) continue;
      // What is out is a pin as any other, and nothing is left to write.
      const { plan } = await heal(requests, placesGroup(places), { owner, deadlineMs: 60_000 });
      expect(plan.steps.map(({ kind }) => kind)).toEqual(['keep', 'keep']);
    }
    expect(killed).toBe(15);
  });
});
