import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { PinRequest } from '../../src/desired/request.ts';
import type { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { copies, request } from '../requests.ts';
import { patience, planNow, run, targetOf } from './setting.ts';

let cluster: TestCluster;
let target: ClusterTarget;

beforeAll(async () => {
  cluster = await startCluster({ peers: 3 });
  target = targetOf(cluster);
}, patience);
afterAll(() => cluster?.close());

/** Runs an apply in a child process and kills it, without warning, after so many steps. */
async function killedAfter(steps: number, requests: readonly PinRequest[]): Promise<string[]> {
  const script = join(import.meta.dirname, 'apply-child.ts');
  const input = JSON.stringify({ urls: cluster.urls, requests });
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', script, input], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const done: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    done.push(line);
    if (done.length === steps) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return done;
}

it('finishes what a killed run began, and duplicates nothing', { timeout: patience }, async () => {
  const texts = Array.from({ length: 12 }, (_, index) => `kill ${index} ${Date.now()}`);
  const cids = await Promise.all(texts.map((text) => cluster.addContent(text)));
  // Half of them are there already and need the two writes of a raise.
  const before = cids.slice(0, 6).map((cid) => request(cid, { copies: copies(1, 1) }));
  await run(target, before);
  const wanted = cids.map((cid) => request(cid));

  const done = await killedAfter(3, wanted);
  // The peer that is asked may not have heard yet of what another one took.
  const plan = await vi.waitFor(
    async () => {
      const now = await planNow(target, wanted);
      for (const cid of done) expect(now.steps.find((step) => step.cid === cid)?.kind).toBe('keep');
      return now;
    },
    { timeout: 30_000, interval: 200 },
  );
  const left = plan.steps.filter(({ kind }) => kind !== 'keep');
  expect(done.length).toBeGreaterThanOrEqual(3);
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThanOrEqual(wanted.length - 3);

  await killedAfter(2, wanted);
  const { report } = await run(target, wanted, { wait: 'max' });
  expect(report).toMatchObject({ outcome: 'satisfied', satisfied: 12 });
  const again = await planNow(target, wanted);
  expect(again.steps.map(({ kind }) => kind)).toEqual(wanted.map(() => 'keep'));
  let pins = 0;
  for await (const state of target.observe()) {
    pins += 1;
    expect(state.pin).toMatchObject({ min: 2, max: 3 });
    expect(state.pin?.allocations).toHaveLength(3);
  }
  expect(pins).toBe(12);
});
