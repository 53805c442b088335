import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNames, generateKey, type NameNode, nameOf, startKubo, withoutDeadlines } from './support.ts';

// Five nodes that tell each other new records by pubsub, beside their DHT.

let kubo: Awaited<ReturnType<typeof startKubo>>;
let nodes: readonly NameNode[];
beforeAll(async () => {
  kubo = await startKubo({ nodes: 5, routing: 'pubsub' });
  nodes = kubo.nodes.map(({ gateway }) => ({ kind: 'router', url: gateway }));
});
afterAll(() => kubo?.close());

const values = [
  '/ipfs/bafkqaaa',
  '/ipfs/bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq',
] as const;

it('names that were published on one node are resolved through each, the next version too', async () => {
  expect(JSON.parse(await kubo.nodes[0].rpc('name/pubsub/state'))).toMatchObject({ Enabled: true });
  const key = generateKey();
  const { text } = nameOf(key.publicKey.bytes);
  const publisher = createNames([nodes[0] as NameNode], { clock: withoutDeadlines });
  for (const [at, value] of values.entries()) {
    await publisher.publish({ value, ttlMs: 0, deadlineMs: 240_000 }, key);
    for (const node of nodes)
      await expect
        .poll(() => createNames([node], { clock: withoutDeadlines }).resolve(text), { timeout: 60_000 })
        .toMatchObject({ value, sequence: BigInt(at + 1), stale: false });
  }
});

it('what Kubo publishes itself is resolved the same', async () => {
  const [first, second = first] = kubo.nodes;
  const { Name } = JSON.parse(await first.rpc('name/publish', { arg: values[0], 'ipns-base': 'base36' }));
  expect(
    await createNames([{ kind: 'router', url: second.gateway }], { clock: withoutDeadlines }).resolve(Name),
  ).toMatchObject({ value: values[0], stale: false });
});
