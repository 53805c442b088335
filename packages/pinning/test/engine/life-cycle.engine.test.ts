import { startCluster, startKubo, type TestCluster, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KuboTarget } from '../../src/targets/kubo/kubo-target.ts';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';
import { liveOn } from '../life-cycle.ts';
import { patience, targetOf } from './setting.ts';

const auth = { user: 'keeper', password: 'correct-horse-battery' };
let cluster: TestCluster;
let kubo: TestKubo;
beforeAll(async () => {
  [cluster, kubo] = await Promise.all([startCluster({ peers: 3, auth }), startKubo({ nodes: 3 })]);
}, patience);
afterAll(() => Promise.all([cluster?.close(), kubo?.close()]));

it('is lived on a cluster', { timeout: patience }, async () => {
  const target = targetOf(cluster);
  await liveOn(target, await cluster.addContent('life on a cluster'), 3);
  target.close();
});

it('is lived on Kubo nodes', { timeout: patience }, async () => {
  const target = new KuboTarget({ endpoints: kubo.urls });
  await liveOn(target, await kubo.addContent('life on Kubo nodes'), 3);
});

it('is lived on the cluster as a pinning service', { timeout: patience }, async () => {
  const [peer] = cluster.peers;
  const rest = targetOf(cluster);
  const token = await rest.issueToken();
  rest.close();
  expect(token).not.toBe('');
  const target = new PinningServiceTarget({ endpoint: peer?.pinningServiceUrl ?? '', token });
  await liveOn(target, await cluster.addContent('life on a service'), 1);
});
