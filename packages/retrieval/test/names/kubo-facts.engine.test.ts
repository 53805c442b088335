import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createNames,
  createRecord,
  generateKey,
  type NameNode,
  nameOf,
  startKubo,
  withoutDeadlines,
} from './support.ts';

// What the design of names stands on: when one of these changes in Kubo, so may the code.

let kubo: Awaited<ReturnType<typeof startKubo>>;
let nodes: readonly NameNode[];

beforeAll(async () => {
  kubo = await startKubo({ nodes: 2, routing: 'dht' });
  nodes = kubo.nodes.map(({ gateway }) => ({ kind: 'router', url: gateway }));
});

afterAll(() => kubo?.close());

const one = '/ipfs/bafkqaaa';
const two = '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq';
const type = 'application/vnd.ipfs.ipns-record';

function put(name: string, record: Uint8Array): Promise<Response> {
  const url = `${kubo.nodes[0].gateway}/routing/v1/ipns/${name}`;
  return fetch(url, { method: 'PUT', headers: { 'content-type': type }, body: Uint8Array.from(record) });
}

it('resolves what Kubo published itself, and Kubo resolves what was published here', async () => {
  const [first, second = first] = kubo.nodes;
  await first.rpc('name/publish', { arg: one, 'allow-offline': true });
  const self = JSON.parse(await first.rpc('key/list', { 'ipns-base': 'base36' })).Keys[0].Id as string;
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(self)).toMatchObject({
    value: one,
    stale: false,
  });
  const { name } = await createNames(nodes, { clock: withoutDeadlines }).publish(
    { value: two, deadlineMs: 240_000 },
    generateKey(),
  );
  expect(JSON.parse(await second.rpc('name/resolve', { arg: name, nocache: true }))).toEqual({ Path: two });
});

it('answers for an unknown name: 500 on the path, no record on routing', async () => {
  const { text } = nameOf(generateKey().publicKey.bytes);
  const [{ gateway }] = kubo.nodes;
  expect((await fetch(`${gateway}/ipns/${text}?format=ipns-record`)).status).toBe(500);
  const routed = await fetch(`${gateway}/routing/v1/ipns/${text}`, { headers: { accept: type } });
  expect(routed.headers.get('content-type')).toMatch(/^text\/plain/);
  await expect(createNames(nodes, { clock: withoutDeadlines }).resolve(text)).rejects.toThrow(
    /does not know it/,
  );
});

it('says success to a lower sequence and keeps the higher one', async () => {
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const validUntil = new Date(Date.now() + 3_600_000);
  expect((await put(text, await createRecord({ value: two, sequence: 2n, validUntil }, key))).status).toBe(
    200,
  );
  expect((await put(text, await createRecord({ value: one, sequence: 1n, validUntil }, key))).status).toBe(
    200,
  );
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(text)).toMatchObject({
    value: two,
    sequence: 2n,
  });
});

it('takes the longer validity of one sequence', async () => {
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const facts = { sequence: 1n, ttlMs: 0 };
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);
  await put(text, await createRecord({ ...facts, value: one, validUntil: later(1) }, key));
  await put(text, await createRecord({ ...facts, value: two, validUntil: later(2) }, key));
  await put(text, await createRecord({ ...facts, value: one, validUntil: later(1) }, key));
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(text)).toMatchObject({
    value: two,
    sequence: 1n,
  });
});
