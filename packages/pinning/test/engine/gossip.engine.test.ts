import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../requests.ts';
import { patience, run, targetOf } from './setting.ts';

let cluster: TestCluster;
beforeAll(async () => {
  // As in a default cluster: what is lost is not told again for a minute.
  cluster = await startCluster({ peers: 3, rebroadcast: '1m' });
}, patience);
afterAll(() => cluster?.close());

describe('a burst of pins', { timeout: 2 * patience }, () => {
  // Of a burst the last messages are often lost, so several: without a pin that is written again, one of them waits for the minute.
  it.each([1, 2, 3, 4])('has its copies before the peers repeat what they know: %i', async () => {
    const target = targetOf(cluster);
    const texts = Array.from({ length: 60 }, (_, index) => `burst ${index} ${Math.random()}`);
    const cids = await Promise.all(texts.map((text) => cluster.addContent(text)));
    const wanted = cids.map((cid) => request(cid));
    const { report } = await run(target, wanted, { wait: 'max', deadlineMs: 40_000 });
    target.close();
    expect(report).toMatchObject({ ended: 'done', outcome: 'satisfied' });
  });
});
