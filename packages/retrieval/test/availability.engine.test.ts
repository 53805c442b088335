import { type KuboNode, startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMonitor, type Source } from '../src/index.ts';

let kubo: TestKubo;
let cid: string;

beforeAll(async () => {
  kubo = await startKubo();
  cid = await kubo.addContent('kept by one node\n');
}, 120_000);
afterAll(() => kubo?.close());

/** A raw block that no node has. */
const nowhere = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

it('a real Kubo says by only-if-cached and by its RPC what it has, at once', async () => {
  const [node] = kubo.nodes as [KuboNode];
  const sources: Source[] = [
    { kind: 'gateway', url: node.gateway },
    { kind: 'kubo', url: node.api },
  ];
  const report = await createMonitor(sources, { sentinel: cid, cids: [cid, nowhere] }).round();
  expect(report.places.map(({ state, copies }) => [state, copies[cid], copies[nowhere]])).toEqual([
    ['up', 'here', 'elsewhere'],
    ['up', 'here', 'elsewhere'],
  ]);
});
