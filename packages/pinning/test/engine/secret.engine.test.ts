import { inspect } from 'node:util';
import { startCluster, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { heal } from '../../src/heal/heal.ts';
import { pinStatus } from '../../src/heal/status.ts';
import type { PinningEvent } from '../../src/progress/event.ts';
import { PinningMetrics } from '../../src/progress/metrics.ts';
import { PinningError } from '../../src/target/pinning-error.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { copies, owner, request } from '../requests.ts';
import { patience } from './setting.ts';

const auth = { user: 'keeper', password: 'correct-horse-battery' };
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ peers: 1, auth });
}, patience);
afterAll(() => cluster?.close());

/** All that a run says, of a run that works and of one whose password is refused. */
async function everythingSaid(password: string): Promise<{ said: string; error: unknown }> {
  const target = new ClusterTarget({ endpoints: cluster.urls, auth: { basic: { ...auth, password } } });
  const metrics = new PinningMetrics();
  const said: unknown[] = [target, target.label];
  const onProgress = (event: PinningEvent) => {
    metrics.observe(event);
    said.push(JSON.stringify(event));
  };
  const cid = await cluster.addContent(`secret ${password}`);
  let error: unknown;
  try {
    const wanted = [
      request(cid, { copies: copies(1, 1) }),
      request(cid, { id: 'huge', copies: copies(1, 1) }),
    ];
    said.push(await heal(wanted, target, { owner, onProgress, deadlineMs: 20_000 }));
    said.push(await pinStatus(target, { requests: wanted, onProgress }));
  } catch (caught) {
    error = caught;
    said.push(caught, caught instanceof Error ? caught.stack : '');
  }
  target.close();
  said.push(metrics.render());
  return { said: said.map((each) => inspect(each, { depth: 20, showHidden: true })).join('\n'), error };
}

function spellings({ user, password }: typeof auth): string[] {
  return [password, encodeURIComponent(password), Buffer.from(`${user}:${password}`).toString('base64')];
}

it('says the password nowhere', { timeout: patience }, async () => {
  const right = await everythingSaid(auth.password);
  expect(right.error).toBeUndefined();
  expect(right.said).toContain('satisfied');
  for (const secret of spellings(auth)) expect(right.said).not.toContain(secret);

  const wrong = { ...auth, password: 'wrong-horse-battery' };
  const refused = await everythingSaid(wrong.password);
  expect(refused.error).toBeInstanceOf(PinningError);
  expect(refused.error).toMatchObject({ code: 'unauthorized' });
  for (const secret of spellings(wrong)) expect(refused.said).not.toContain(secret);
});
