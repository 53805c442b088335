import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patience } from './setting.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ peers: 3 });
}, patience);
afterAll(() => cluster?.close());

it('heals on a schedule as the README shows', { timeout: patience }, async () => {
  const cids = await Promise.all(['tides', 'maps'].map((text) => cluster.addContent(`readme ${text}`)));
  const options = {
    cwd: new URL('../../', import.meta.url),
    env: { ...process.env, CLUSTER_URLS: cluster.urls.join(','), CIDS: cids.join(',') },
  };
  const command = ['--conditions=@holdfast/source', 'examples/heal.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, command, options);
  expect(stdout).toMatch(/^pin satisfied: [23] copies, reachable 99\.\d{3} % of the time\n/);
  expect(stdout).toContain('2 healthy, 0 degraded, 0 unhealthy\n');
  expect(stdout).toMatch(/^holdfast_status_cids\{target="cluster at .*",health="healthy"\} 2$/m);
  const again = await promisify(execFile)(process.execPath, command, options);
  expect(again.stdout).toMatch(/^keep satisfied: /);
});
