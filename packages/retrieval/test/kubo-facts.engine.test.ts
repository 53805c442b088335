import { type KuboNode, startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

// What reading from nodes stands on: when one of these changes in Kubo, so may the code.

let kubo: TestKubo;
let node: KuboNode;
beforeAll(async () => {
  kubo = await startKubo();
  [node] = kubo.nodes as [KuboNode];
}, 120_000);
afterAll(() => kubo?.close());

const nowhere = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const raw = { accept: 'application/vnd.ipld.raw' };

it('without routing says that a name is published, and cannot resolve it itself', async () => {
  const published = JSON.parse(
    await node.rpc('name/publish', { arg: '/ipfs/bafkqaaa', 'allow-offline': true }),
  );
  expect(published.Value).toBe('/ipfs/bafkqaaa');
  await expect(
    node.rpc('name/resolve', { arg: published.Name, nocache: true, timeoutMs: 20_000 }),
  ).rejects.toThrow();
});

it('answers only-if-cached at once, with 412 for what it lacks', async () => {
  const cid = await kubo.addContent('kept here');
  const headers = { ...raw, 'cache-control': 'only-if-cached' };
  const began = performance.now();
  expect((await fetch(`${node.gateway}/ipfs/${cid}`, { headers })).status).toBe(200);
  expect((await fetch(`${node.gateway}/ipfs/${nowhere}`, { headers })).status).toBe(412);
  expect(performance.now() - began).toBeLessThan(5_000);
});

it('serves the empty block though it has nothing', async () => {
  const answer = await fetch(`${node.gateway}/ipfs/bafkqaaa?format=raw`, { headers: raw });
  expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 0]);
});

it('honours the first range of a raw block, and none of a CAR', async () => {
  const cid = await kubo.addContent('0123456789');
  const ranged = async (format: string, range: string) => {
    const answer = await fetch(`${node.gateway}/ipfs/${cid}?format=${format}`, { headers: { range } });
    return { status: answer.status, range: answer.headers.get('content-range'), text: await answer.text() };
  };
  expect(await ranged('raw', 'bytes=2-4')).toEqual({ status: 206, range: 'bytes 2-4/10', text: '234' });
  expect((await ranged('raw', 'bytes=2-4,6-7')).text.startsWith('234')).toBe(true);
  const car = await ranged('car', 'bytes=2-4');
  expect([car.status, car.range]).toEqual([200, null]);
  expect(car.text.length).toBeGreaterThan(10);
});

it('announces nothing where it is told so, and no router says otherwise', async () => {
  const cid = await kubo.addContent('announced by nobody');
  const answer = await fetch(`${node.gateway}/routing/v1/providers/${cid}`);
  expect(answer.status).toBe(404);
});
