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

it('refuses a sequence beyond 63 bits', async () => {
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const validUntil = new Date(Date.now() + 3_600_000);
  const most = await createRecord({ value: one, sequence: 2n ** 63n - 1n, validUntil }, key);
  expect((await put(text, most)).status).toBe(200);
  // Sequences are written as varints of up to ten bytes; ours are refused before that.
  await expect(createRecord({ value: one, sequence: 2n ** 64n - 1n, validUntil }, key)).rejects.toThrow();
  expect(await createNames(nodes, { clock: withoutDeadlines }).resolve(text)).toMatchObject({
    sequence: 2n ** 63n - 1n,
  });
});

it('gives the path of a name as it was for its time to live, and the record as it is', async () => {
  const [{ gateway }] = kubo.nodes;
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const facts = { ttlMs: 3_600_000, validUntil: new Date(Date.now() + 7_200_000) };
  const bodyOf = async (headers: Record<string, string> = {}) =>
    (await fetch(`${gateway}/ipns/${text}?format=raw`, { headers })).arrayBuffer();
  await put(text, await createRecord({ ...facts, value: one, sequence: 1n }, key));
  expect((await bodyOf()).byteLength).toBe(0);
  const [, second] = kubo.nodes;
  const content = await kubo.addContent('the second version', { on: kubo.nodes[0] });
  const later = await createRecord({ ...facts, value: `/ipfs/${content}`, sequence: 2n }, key);
  // Published at another node.
  const url = `${second?.gateway}/routing/v1/ipns/${text}`;
  const { status } = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: Uint8Array.from(later),
  });
  expect(status).toBe(200);
  expect((await bodyOf()).byteLength).toBe(0);
  expect((await bodyOf({ 'cache-control': 'no-cache' })).byteLength).toBe(0);
  expect(
    await createNames([{ kind: 'gateway', url: gateway }], { clock: withoutDeadlines }).resolve(text),
  ).toMatchObject({ value: `/ipfs/${content}`, sequence: 2n });
});

it('answers 406 to a name as dag-json, whether it points to a folder or to raw bytes', async () => {
  const [node] = kubo.nodes;
  const validUntil = new Date(Date.now() + 3_600_000);
  for (const content of [{ 'a.txt': 'a' }, 'raw bytes']) {
    const key = generateKey();
    const { text } = nameOf(key.publicKey.bytes);
    const cid = await kubo.addContent(content, { on: node });
    await put(text, await createRecord({ value: `/ipfs/${cid}`, sequence: 1n, validUntil }, key));
    expect((await fetch(`${node.gateway}/ipns/${text}?format=dag-json`)).status).toBe(406);
  }
});

it('answers HEAD on paths, raw blocks, CARs and records, and 405 on routing', async () => {
  const [node] = kubo.nodes;
  const cid = await kubo.addContent('some bytes', { on: node });
  const { name } = await createNames(nodes, { clock: withoutDeadlines }).publish(
    { value: `/ipfs/${cid}`, deadlineMs: 240_000 },
    generateKey(),
  );
  const head = async (path: string) => (await fetch(`${node.gateway}${path}`, { method: 'HEAD' })).status;
  for (const path of [
    `/ipfs/${cid}`,
    `/ipfs/${cid}?format=raw`,
    `/ipfs/${cid}?format=car`,
    `/ipns/${name}?format=ipns-record`,
  ])
    expect([path, await head(path)]).toEqual([path, 200]);
  expect(await head(`/routing/v1/ipns/${name}`)).toBe(405);
});

it('says by RPC that it took a record which it drops', async () => {
  const [node] = kubo.nodes;
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const record = await createRecord(
    { value: two, sequence: 1n, validUntil: new Date(Date.now() + 3_600_000) },
    key,
  );
  const corrupt = Uint8Array.from(record, (byte, at) => (at === record.length - 1 ? byte ^ 1 : byte));
  const body = new FormData();
  body.append('value-file', new Blob([corrupt]));
  await node.rpc('routing/put', { arg: `/ipns/${text}`, body, 'allow-offline': true }).catch(() => undefined);
  await expect(createNames(nodes, { clock: withoutDeadlines }).resolve(text)).rejects.toThrow();
});
