import { randomBytes } from 'node:crypto';
import { type KuboNode, startCluster, startKubo, type TestCluster, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { PinRequest } from '../../../src/desired/request.ts';
import { type HealReport, heal } from '../../../src/heal/heal.ts';
import { pinStatus } from '../../../src/heal/status.ts';
import { moveCopies } from '../../../src/move/move-copies.ts';
import { ClusterTarget } from '../../../src/targets/cluster/cluster-target.ts';
import { TargetGroup } from '../../../src/targets/group/target-group.ts';
import { KuboTarget } from '../../../src/targets/kubo/kubo-target.ts';
import { PinningServiceTarget } from '../../../src/targets/pinning-service/pinning-service-target.ts';
import { compliance } from '../compliance.ts';

// Two clusters in two regions, three Kubo nodes as a third with a quorum, and a pinning service.
const credentials = { user: 'keeper', password: 'pinning-service-password' };
const owner = 'github.com/example/data';
let eu: TestCluster;
let us: TestCluster;
let service: TestCluster;
let ap: TestKubo;
let nodes: readonly KuboNode[];

beforeAll(async () => {
  eu = await startCluster({ peers: 2, regions: ['eu'] });
  us = await startCluster({ peers: 2, regions: ['us'] });
  service = await startCluster({ peers: 1, auth: credentials, replication: { min: 1, max: 1 } });
  ap = await startKubo({ nodes: 3 });
  nodes = [...[eu, us, service].flatMap(({ peers }) => peers.map(({ kubo }) => kubo)), ...ap.nodes];
  await connected();
}, 240_000);
afterAll(() => Promise.all([eu, us, service, ap].map((each) => each?.close())));

/** Every node sees every other, as nodes of one network would. */
async function connected(): Promise<void> {
  for (const [index, node] of nodes.entries())
    for (const other of nodes.slice(index + 1)) if (node.running && other.running) await node.connect(other);
}

async function group({ token, withPaid = true }: { token?: string; withPaid?: boolean } = {}) {
  const [first] = service.peers;
  const kept =
    token ??
    (await new ClusterTarget({ endpoints: service.urls, auth: { basic: credentials } }).issueToken());
  const timeouts = { idleMs: 3_000 };
  const target = new PinningServiceTarget({ endpoint: first.pinningServiceUrl, token: kept });
  const paid = { name: 'paid', target, region: 'sa' };
  return new TargetGroup({
    members: [
      { name: 'eu', target: new ClusterTarget({ endpoints: eu.urls, ...timeouts }) },
      { name: 'us', target: new ClusterTarget({ endpoints: us.urls, ...timeouts }) },
      ...ap.nodes.map(({ api }, index) => ({
        name: `ap-${index}`,
        target: new KuboTarget({ endpoints: [api], callTimeoutMs: 3_000 }),
        region: 'ap',
      })),
      ...(withPaid ? [paid] : []),
    ],
    quorums: { ap: 2 },
  });
}

let number = 0;
async function request(copies: Partial<PinRequest['copies']> = {}): Promise<PinRequest> {
  number += 1;
  const cid = await eu.addContent({ 'a.bin': randomBytes(5_000), 'b.bin': randomBytes(300_000) });
  const wanted = { min: 5, max: 6, regions: 3, spread: 'always' as const, ...copies };
  return { cid, id: `set-${number}@1.0.0`, owner, name: `set ${number}`, copies: wanted };
}

const run = (requests: readonly PinRequest[], target: TargetGroup, deadlineMs = 120_000) =>
  heal(requests, target, { owner, deadlineMs });
const summary = ({ items: [item] }: HealReport) => `${item?.did} ${item?.outcome}: ${item?.reason}`;

compliance('TargetGroup of clusters, nodes and a service', async () => ({
  target: await group(),
  most: 8,
  content: () => eu.addContent(randomBytes(200)),
  async [Symbol.asyncDispose]() {},
}));

test('a critical dataset is spread over regions and targets, and kept so', async () => {
  const wanted = await request();
  const report = await run([wanted], await group());
  expect(summary(report)).toMatch(/^pin satisfied: [56] copies of at least 5 in ap, eu, sa, us$/);
  expect(summary(await run([wanted], await group()))).toMatch(/^keep satisfied/);
  const { items } = await pinStatus(await group(), { requests: [wanted] });
  const places = new Set(
    items[0]?.peers.filter(({ state }) => state === 'pinned').map(({ peer }) => peer.split('/')[0]),
  );
  expect(places.size).toBeGreaterThanOrEqual(5);
});

test('a region that is lost is replaced, and gets its copies back when it returns, with an operator’s own pins as they were', async () => {
  const theirs = await eu.addContent(randomBytes(400));
  const [first] = eu.peers;
  const three = () => group({ withPaid: false });
  await first.request(
    `/pins/${theirs}?name=by-hand&replication-min=1&replication-max=1&meta-by=hand`,
    'POST',
  );
  const raw = async () =>
    (await first.list<{ cid: string }>('/allocations?filter=all')).find(({ cid }) => cid === theirs);
  const before = JSON.stringify(await raw());
  expect(before).toContain('by-hand');

  const wanted = await request({ min: 3, max: 3, regions: 2 });
  expect(summary(await run([wanted], await three()))).toMatch(/^pin satisfied: \d copies of at least 3 in/);
  const held = async (name: string, target: TargetGroup) => {
    const { items } = await pinStatus(target, { requests: [wanted] });
    const whole = items[0]?.peers.filter(({ state }) => state === 'pinned') ?? [];
    return { all: items[0]?.copies, there: whole.filter(({ peer }) => peer.startsWith(`${name}/`)).length };
  };
  expect((await held('us', await three())).there).toBeGreaterThan(0);

  // Gracefully: a peer that is killed loses its latest writes.
  for (const peer of us.peers) await us.stop(peer, 'graceful');
  const lost = await run([wanted], await three());
  expect(lost.items[0]).toMatchObject({ outcome: 'satisfied' });
  expect(lost.items[0]?.reason).toMatch(/ in ap, eu$/);

  for (const peer of us.peers) await us.restart(peer);
  // The least that anybody sees while copies move back.
  let fewest = Number.POSITIVE_INFINITY;
  let watching = true;
  const watcher = (async () => {
    const target = await three();
    while (watching) fewest = Math.min(fewest, (await held('us', target)).all ?? 0);
  })();
  await vi.waitFor(
    async () => {
      expect(summary(await run([wanted], await three()))).toMatch(/^keep satisfied/);
    },
    { timeout: 90_000, interval: 500 },
  );
  watching = false;
  await watcher;
  expect(fewest).toBeGreaterThanOrEqual(3);
  const { all, there } = await held('us', await three());
  expect(there).toBeGreaterThan(0);
  expect(all).toBeLessThanOrEqual(4);
  expect(JSON.stringify(await raw())).toBe(before);
}, 300_000);

test('copies move from a cluster to nodes, and an operator’s own pins stay', async () => {
  const requests = await Promise.all(
    Array.from({ length: 20 }, () => request({ min: 2, max: 2, regions: 0 })),
  );
  const old = new ClusterTarget({ endpoints: us.urls });
  const next = new KuboTarget({ endpoints: ap.urls });
  await heal(requests, old, { owner, deadlineMs: 60_000 });
  const theirs = await us.addContent(randomBytes(400));
  await us.peers[0].request(`/pins/${theirs}?name=by-hand&replication-min=1&replication-max=1`, 'POST');
  const moved = await moveCopies(
    requests,
    { from: { target: old }, to: { target: next } },
    { owner, deadlineMs: 120_000 },
  );
  expect(moved.map(({ outcome, copies }) => `${outcome} ${copies}`)).toEqual(requests.map(() => 'moved 2'));
  const cids = requests.map(({ cid }) => cid);
  await vi.waitFor(async () => {
    for await (const { pin } of old.observe(cids)) expect(pin).toBeUndefined();
  }, 10_000);
  for await (const { pin } of old.observe([theirs])) expect(pin?.name).toBe('by-hand');
}, 180_000);

test('a target that refuses, and one that hangs, cost the run a moment and are named', async () => {
  const requests = await Promise.all(
    Array.from({ length: 20 }, () => request({ min: 3, max: 3, regions: 2 })),
  );
  for (const { identity } of us.peers) process.kill(identity?.pid ?? 0, 'SIGSTOP');
  try {
    const target = await group({ token: 'wrong' });
    const began = Date.now();
    const { applied } = await run(requests, target);
    expect(applied.results.map(({ outcome }) => outcome)).toEqual(requests.map(() => 'satisfied'));
    expect(Date.now() - began).toBeLessThan(30_000);
    const { peers } = await target.inspect();
    const errors = peers.filter(({ up }) => !up).map(({ name, error }) => `${name}: ${error}`);
    expect(errors.join('\n')).toMatch(/us: cluster at .*: expected to hear what it is made of within 15 s/);
    expect(errors.join('\n')).toMatch(/paid: .*401|paid: .*credentials/i);
  } finally {
    for (const { identity } of us.peers) process.kill(identity?.pid ?? 0, 'SIGCONT');
  }
}, 180_000);
