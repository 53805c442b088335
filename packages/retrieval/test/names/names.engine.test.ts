import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  countingClock,
  createNames,
  createRecord,
  folderNameStore,
  generateKey,
  type NameNode,
  nameOf,
  startKubo,
  tempFolder,
  withoutDeadlines,
} from './support.ts';

let kubo: Awaited<ReturnType<typeof startKubo>>;
let nodes: readonly NameNode[];
const stopped = new Set<number>();

beforeAll(async () => {
  kubo = await startKubo({ nodes: 5, routing: 'dht' });
  nodes = kubo.nodes.map(({ gateway }) => ({ kind: 'router', url: gateway }));
});

afterEach(() => {
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  stopped.clear();
});

afterAll(() => kubo?.close());

/** A thread that is running when the signal comes goes on for a moment, on a busy machine for longer. */
const hasStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((task) =>
    / T /.test(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')),
  );

async function hang(...indexes: number[]): Promise<void> {
  for (const index of indexes) {
    const pid = kubo.nodes[index]?.pid;
    if (pid === undefined) throw new Error(`node ${index} does not run`);
    process.kill(pid, 'SIGSTOP');
    stopped.add(pid);
    if (process.platform === 'linux')
      await vi.waitFor(() => expect(hasStopped(pid)).toBe(true), { timeout: 30_000 });
  }
}

const first = { value: '/ipfs/bafkqaaa', ttlMs: 0, deadlineMs: 240_000 };
const second = {
  value: '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq',
  ttlMs: 0,
  deadlineMs: 240_000,
};

it('resolves through one node at once what was published through another', async () => {
  const key = generateKey();
  const publisher = createNames([nodes[0] as NameNode], { clock: withoutDeadlines });
  const reader = createNames([nodes[4] as NameNode], { clock: withoutDeadlines });
  expect(await publisher.publish(first, key)).toMatchObject({
    sequence: 1n,
    accepted: [nodes[0]?.url],
    pending: [],
  });
  const name = nameOf(key.publicKey.bytes).text;
  expect(await reader.resolve(name)).toMatchObject({ value: first.value, sequence: 1n, stale: false });
  await publisher.publish(second, key);
  expect(await reader.resolve(name)).toMatchObject({ value: second.value, sequence: 2n });
  // The same value again is the same sequence, valid for longer.
  expect(await publisher.publish(second, key)).toMatchObject({ sequence: 2n });
});

it('publishes and resolves while two of five hang, and after they go on', async () => {
  const key = generateKey();
  const name = nameOf(key.publicKey.bytes).text;
  const names = createNames(nodes, { clock: withoutDeadlines });
  await names.publish(first, key);
  await hang(0, 1);
  const report = await names.publish(second, key);
  expect(report).toMatchObject({ sequence: 2n });
  expect(report.accepted.length).toBeGreaterThanOrEqual(3);
  expect(report.pending.map(({ node }) => node)).toEqual(
    expect.arrayContaining([nodes[0]?.url, nodes[1]?.url]),
  );
  const reader = createNames(nodes, { clock: withoutDeadlines });
  for (let at = 0; at < 20; at++)
    expect(await reader.resolve(name)).toMatchObject({ value: second.value, stale: false });
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  stopped.clear();
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(name)).toMatchObject({
    value: second.value,
  });
});

it('says after one time limit that all hang, and gives the record it kept as stale', async () => {
  const key = generateKey();
  const name = nameOf(key.publicKey.bytes).text;
  const store = folderNameStore(tempFolder());
  await createNames(nodes, { store, clock: withoutDeadlines }).publish(first, key);
  await hang(0, 1, 2, 3, 4);
  const { clock, waited } = countingClock();
  await expect(createNames(nodes, { clock }).resolve(name)).rejects.toThrow(
    /no node gave a record .* gave no answer within/,
  );
  expect(waited).toEqual([1_500]);
  expect(await createNames(nodes, { store }).resolve(name)).toMatchObject({
    value: first.value,
    stale: true,
  });
  await expect(createNames(nodes).publish(second, key)).rejects.toThrow(
    /0 of 5 nodes say .* Nothing was written/,
  );
});

it('resolves after nodes were killed and started again', async () => {
  const key = generateKey();
  const [, , , fourth, fifth] = kubo.nodes;
  if (fourth === undefined || fifth === undefined) throw new Error('expected five nodes');
  const names = createNames(nodes, { clock: withoutDeadlines });
  const { name } = await names.publish(first, key);
  await Promise.all([kubo.stop(fourth), kubo.stop(fifth)]);
  expect(await names.resolve(name)).toMatchObject({ value: first.value, stale: false });
  expect(await names.publish(second, key)).toMatchObject({ sequence: 2n });
  await kubo.restart(fourth);
  await kubo.restart(fifth);
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(name)).toMatchObject({
    value: second.value,
  });
});

it('takes a record from Kubo, which refuses what is older', async () => {
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const names = createNames(nodes, { clock: withoutDeadlines });
  await names.publish(first, key);
  await names.publish(second, key);
  const older = await createRecord(
    { value: first.value, sequence: 1n, validUntil: new Date(Date.now() + 3_600_000) },
    key,
  );
  const url = `${nodes[0]?.url}/routing/v1/ipns/${text}`;
  const headers = { 'content-type': 'application/vnd.ipfs.ipns-record' };
  await fetch(url, { method: 'PUT', headers, body: Uint8Array.from(older) });
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(text)).toMatchObject({
    value: second.value,
    sequence: 2n,
  });
  const gateways = nodes.map(({ url }) => ({ kind: 'gateway' as const, url }));
  expect(await createNames(gateways, { clock: withoutDeadlines }).resolve(text)).toMatchObject({
    value: second.value,
    sequence: 2n,
  });
});
