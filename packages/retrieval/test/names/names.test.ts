import { systemClock } from '@holdfast/http';
import { expect, it } from 'vitest';
import { RetrievalError } from '../../src/index.ts';
import { type RecordServer, recordServer } from './record-server.ts';
import {
  awaitingAll,
  createNames,
  createRecord,
  folderNameStore,
  generateKey,
  type NameNode,
  nameOf,
  tempFolder,
  withoutDeadlines,
} from './support.ts';

const key = generateKey();
const name = nameOf(key.publicKey.bytes).text;
const [one, two] = [
  '/ipfs/bafkqaaa',
  '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq',
] as const;

/** For writing: no machine is so busy. */
const deadlineMs = 240_000;

async function servers(count: number): Promise<{ servers: RecordServer[]; nodes: NameNode[] }> {
  const started = await Promise.all(Array.from({ length: count }, recordServer));
  return { servers: started, nodes: started.map(({ url }) => ({ kind: 'router', url })) };
}

function record(
  value: string,
  sequence: bigint,
  { lifeMs = 3_600_000, ttlMs = 60_000 } = {},
): Promise<Uint8Array> {
  return createRecord({ value, sequence, validUntil: new Date(Date.now() + lifeMs), ttlMs }, key);
}

it('makes one request a node for fifty askers, whoever gives up', async () => {
  const { servers: all, nodes } = await servers(3);
  for (const server of all) server.records.set(name, await record(one, 1n));
  for (const server of all) server.delayMs = 100;
  const names = createNames(nodes, { clock: awaitingAll });
  const impatient = new AbortController();
  const gaveUp = names.resolve(name, { signal: impatient.signal });
  const others = Array.from({ length: 49 }, () => names.resolve(name));
  impatient.abort(new Error('no time'));
  await expect(gaveUp).rejects.toThrow('no time');
  for (const { value } of await Promise.all(others)) expect(value).toBe(one);
  expect(all.map(({ asked }) => asked)).toEqual([['GET'], ['GET'], ['GET']]);
});

it('takes the highest sequence, though the stale one comes first', async () => {
  const {
    servers: [stale, newest],
    nodes,
  } = await servers(2);
  stale?.records.set(name, await record(one, 1n));
  newest?.records.set(name, await record(two, 2n));
  if (newest) newest.delayMs = 40;
  expect(await createNames(nodes, { clock: awaitingAll }).resolve(name)).toMatchObject({
    value: two,
    sequence: 2n,
    source: newest?.url,
    disagreed: true,
    stale: false,
  });
});

it('never gives a lower sequence than it has seen, in another process either', async () => {
  const { servers: all, nodes } = await servers(1);
  const store = folderNameStore(tempFolder());
  all[0]?.records.set(name, await record(two, 2n, { ttlMs: 0 }));
  await createNames(nodes, { store, clock: awaitingAll }).resolve(name);
  all[0]?.records.set(name, await record(one, 1n));
  expect(await createNames(nodes, { store, clock: awaitingAll }).resolve(name)).toMatchObject({
    value: two,
    sequence: 2n,
    stale: true,
  });
  // Without what was kept, the old one is believed: the test tests the keeping.
  expect(await createNames(nodes, { clock: awaitingAll }).resolve(name)).toMatchObject({
    value: one,
    stale: false,
  });
});

it('asks again for a record that expires while it is kept, and never gives it after its end', async () => {
  const { servers: all, nodes } = await servers(1);
  all[0]?.records.set(name, await record(one, 1n, { lifeMs: 240_000 }));
  let later = 0;
  const clock = { ...awaitingAll, now: () => systemClock.now() + later };
  const names = createNames(nodes, { clock });
  await names.resolve(name);
  expect(await names.resolve(name)).toMatchObject({ source: 'memory' });
  later = 240_000;
  await expect(names.resolve(name)).rejects.toThrow(
    /it was valid until .* highest known record has sequence 1/,
  );
});

it.each(['fails', 'hangs'] as const)('gives what it kept as stale while every node %s', async (behaviour) => {
  const { servers: all, nodes } = await servers(2);
  for (const server of all) server.records.set(name, await record(one, 1n, { ttlMs: 0 }));
  const store = folderNameStore(tempFolder());
  await createNames(nodes, { store, clock: awaitingAll }).resolve(name);
  for (const server of all) server.behaviour = behaviour;
  expect(await createNames(nodes, { store, deadlineMs: 300 }).resolve(name)).toMatchObject({
    value: one,
    stale: true,
  });
});

it('says what each node said when none has the name', async () => {
  const {
    servers: [absent, failing],
    nodes,
  } = await servers(2);
  if (failing) failing.behaviour = 'fails';
  const error = await createNames(nodes, { clock: awaitingAll })
    .resolve(name)
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(RetrievalError);
  expect(error).toMatchObject({ code: 'name-unresolved' });
  expect(`${error}`).toContain(`${absent?.url} does not know it; ${failing?.url} `);
});

it('refuses what is forged, foreign or too large', async () => {
  const { servers: all, nodes } = await servers(3);
  const stranger = generateKey();
  const facts = { value: two, sequence: 9n, validUntil: new Date('2999-01-01') };
  all[0]?.records.set(name, await createRecord(facts, stranger));
  all[1]?.records.set(name, new Uint8Array(20_000));
  await expect(createNames(nodes, { clock: awaitingAll }).resolve(name)).rejects.toThrow(
    /its signature is not of the key of the name/,
  );
  all[2]?.records.set(name, await record(one, 1n));
  expect(await createNames(nodes, { clock: awaitingAll }).resolve(name)).toMatchObject({ value: one });
});

it('needs a quorum that gives the record back: success alone is none', async () => {
  const { servers: all, nodes } = await servers(5);
  for (const server of all.slice(0, 3)) server.behaviour = 'drops';
  let later = 0;
  const clock = { ...withoutDeadlines, now: () => systemClock.now() + later };
  const names = createNames(nodes, { clock });
  const published = names.publish({ value: one, deadlineMs }, key);
  // Its time is over once the two others have given it back.
  Promise.all(all.slice(3).map((server) => expect.poll(() => server.given).toBe(1))).then(() => {
    later = deadlineMs;
  });
  await expect(published).rejects.toThrow(/2 of 5 nodes gave the record of k51\w+ back, expected 3/);
  if (all[0]) all[0].behaviour = 'honest';
  const report = await names.publish({ value: one, deadlineMs }, key);
  expect(report.accepted).toHaveLength(3);
});

it('publishes without waiting for one of five that hangs', async () => {
  const { servers: all, nodes } = await servers(5);
  const names = createNames(nodes, { clock: withoutDeadlines });
  await names.publish({ value: one, deadlineMs }, key);
  if (all[4]) all[4].behaviour = 'hangs';
  const report = await names.publish({ value: two, deadlineMs }, key);
  expect(report).toMatchObject({ sequence: 2n });
  expect(report.pending.map(({ node }) => node)).toContain(nodes[4]?.url);
});

it('tells the publisher who lost against another one with the same sequence', async () => {
  const { servers: all, nodes } = await servers(3);
  const names = createNames(nodes, { clock: withoutDeadlines });
  // Between its reading and its writing, somebody else writes the same sequence, valid for longer.
  const winner = await record(two, 1n, { lifeMs: 30 * 24 * 3_600_000 });
  for (const server of all) {
    server.behaviour = 'drops';
    server.delayMs = 50;
  }
  const published = names.publish({ value: one, deadlineMs }, key);
  await expect.poll(() => all.every(({ asked }) => asked.includes('PUT'))).toBe(true);
  for (const server of all) server.records.set(name, winner);
  await expect(published).rejects.toMatchObject({ code: 'name-superseded' });
});

it('runs nothing after stop', async () => {
  const { servers: all, nodes } = await servers(2);
  for (const server of all) server.behaviour = 'hangs';
  const names = createNames(nodes, { clock: withoutDeadlines });
  const running = [names.resolve(name), names.publish({ value: one }, key)];
  await expect.poll(() => all.map(({ open }) => open())).toEqual([2, 2]);
  names.stop();
  for (const { reason } of (await Promise.allSettled(running)) as PromiseRejectedResult[])
    expect(reason).toMatchObject({ code: 'stopped' });
  await expect.poll(() => all.map(({ open }) => open())).toEqual([0, 0]);
  await expect(names.resolve(name)).rejects.toMatchObject({ code: 'stopped' });
});
