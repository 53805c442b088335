import { startCluster, startKubo, type TestCluster } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

const auth = { user: 'me', password: 's3cret' };
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ auth });
}, 120_000);
afterAll(() => cluster?.close());
beforeEach(() => cluster.clean(), 60_000);

const env = (more: Record<string, string> = {}) => ({
  CLUSTER_URL: cluster.urls.join(','),
  CLUSTER_AUTH: `${auth.user}:${auth.password}`,
  ...more,
});

async function published(box: Sandbox, tier = 'standard'): Promise<string> {
  await initialized(box);
  const file = await signedTides(box, { tier });
  const sent = await box.run(['publish', 'data', '--manifest', file], { env: env() });
  expect(sent).toMatchObject({ code: 0 });
  return file;
}

describe('holdfast on a real cluster', { timeout: 120_000 }, () => {
  it('pins what was published, does nothing the second time, and unpins what was withdrawn', async () => {
    await using box = await sandbox();
    const file = await published(box);
    const first = await box.json(['pin', file], { env: env() });
    expect(first.document).toMatchObject({
      exitCode: 0,
      result: { outcome: 'satisfied', steps: [{ kind: 'pin' }] },
    });
    const second = await box.json(['pin', file], { env: env() });
    expect(second.document).toMatchObject({ exitCode: 0, result: { steps: [{ kind: 'keep' }] } });
    await expectOk(box, ['revise', file, '--withdraw', 'over']);
    await expectOk(box, ['sign', file]);
    const kept = await box.json(['pin', file], { env: env() });
    expect(kept.document).toMatchObject({
      exitCode: 0,
      result: { steps: [{ kind: 'keep' }], results: [{ step: 'keep', name: 'tides@1.0.0', copies: 3 }] },
    });
    const gone = await box.json(['pin', file, '--on-withdraw', 'unpin'], { env: env() });
    expect(gone.document).toMatchObject({ exitCode: 0, result: { steps: [{ kind: 'unpin' }] } });
  });

  it('says of a dead peer that copies are missing, and heals once it is back', async () => {
    await using box = await sandbox();
    const file = await published(box, 'important');
    expect((await box.run(['pin', file], { env: env() })).code).toBe(0);
    const dead = cluster.peers[2];
    if (!dead) throw new Error('three peers were started');
    await cluster.stop(dead);
    const status = await box.json(['status', file], { env: env() });
    expect(status.document).toMatchObject({ exitCode: 1, result: { degraded: 1, healthy: 0 } });
    expect(status.document.result.datasets[0].missing).toContain('2 of 3 copies');
    const short = await box.run(['heal', file, '--timeout', '10s'], { env: env() });
    expect(short).toMatchObject({ code: 1, stdout: expect.stringContaining('1 degraded') });
    await cluster.restart(dead);
    // On a busy machine the cluster takes a while to count on it again; a heal before that ends with what there is.
    await expect
      .poll(async () => (await box.json(['heal', file, '--timeout', '60s'], { env: env() })).document, {
        timeout: 60_000,
      })
      .toMatchObject({ exitCode: 0, result: { outcome: 'satisfied' } });
  });

  it('with wrong credentials says which variable to set, and shows nothing of them', async () => {
    await using box = await sandbox();
    const file = await published(box);
    for (const wrong of ['me:wr0ng', 'wr0ng-token']) {
      const { code, stderr } = await box.run(['pin', file], { env: env({ CLUSTER_AUTH: wrong }) });
      expect(code).toBe(3);
      expect(stderr).toContain('CLUSTER_AUTH');
      expect(stderr).not.toContain('wr0ng');
    }
  });

  it('is looked over by doctor: version and peers, one that is down, and credentials that are refused', async () => {
    await using box = await sandbox();
    const well = await box.run(['doctor'], { env: env() });
    expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/version \S+, 3 of 3 peers up/) });
    const refused = await box.run(['doctor'], { env: env({ CLUSTER_AUTH: 'me:wr0ng' }) });
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('help: the credentials') });
    expect(refused.stdout).not.toContain('wr0ng');
    const dead = cluster.peers[2];
    if (!dead) throw new Error('three peers were started');
    await cluster.stop(dead);
    const down = await box.json(['doctor'], { env: env() });
    await cluster.restart(dead);
    expect(down.document.result.findings).toContainEqual(
      expect.objectContaining({ area: 'targets', message: expect.stringMatching(/^2 of |, 2 of /) }),
    );
  });

  it('refuses a tier that the cluster has not the peers for, and says how many it has', async () => {
    await using box = await sandbox();
    const file = await published(box, 'critical');
    const { code, stdout } = await box.run(['pin', file], { env: env() });
    expect(code).toBe(1);
    expect(stdout).toMatch(/3 .*5/);
  });

  it('publishes to a Kubo node and fetches from its gateway and its RPC', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await using kubo = await startKubo();
    const [node] = kubo.nodes;
    const [url] = kubo.urls;
    if (!node || !url) throw new Error('one node was started');
    await expectOk(box, ['publish', 'data', '--manifest', file, '--kubo-url', url]);
    await expectOk(box, ['fetch', file, '-o', 'one', '--gateway', node.gateway]);
    await expectOk(box, ['fetch', file, '-o', 'two', '--kubo-url', url]);
    await expectOk(box, ['verify', file, '--content', 'one', '--content', 'two', '--content', node.gateway]);
    // One node can't hold the two copies that the tier asks for, and says so.
    const refused = await box.json(['pin', file, '--kubo-url', url, '--timeout', '20s']);
    expect(refused.document).toMatchObject({ exitCode: 1, result: { outcome: 'failed' } });
    await expectOk(box, ['publish', 'data', '--keep', '--kubo-url', url]);
    const status = await box.json(['status', file, '--kubo-url', url]);
    expect(status.document).toMatchObject({
      exitCode: 1,
      result: { degraded: 1, datasets: [{ copies: 1 }] },
    });
  });

  it('keeps what was published on a node until its dataset is withdrawn, and leaves a pin made by hand', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box, { tier: 'ephemeral' });
    await using kubo = await startKubo();
    const url = kubo.urls[0] ?? '';
    const local = ['--kubo-url', url];
    const rpc = async (path: string) => (await fetch(`${url}/api/v0/${path}`, { method: 'POST' })).text();
    const pins = () => rpc('pin/ls?type=recursive&names=true');
    await expectOk(box, ['publish', 'data', '--manifest', file, '--keep', ...local]);
    expect(await pins()).toContain('"tides@1.0.0"');
    await box.write({ 'other/notes.txt': 'of a person' });
    const other = (await expectOk(box, ['cid', 'other', '--quiet'])).trim();
    await expectOk(box, ['publish', 'other', ...local]);
    await rpc(`pin/add?arg=${other}&name=mine`);
    await expectOk(box, ['publish', 'other', '--keep', ...local]);
    expect(await pins()).toContain('"mine"');
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    await expectOk(box, ['pin', ...local]);
    await expectOk(box, ['publish', 'data', '--manifest', file, '--keep', ...local]);
    await expectOk(box, ['revise', file, '--withdraw', 'superseded']);
    await expectOk(box, ['sign', file]);
    await git(box, 'commit', '-qam', 'Withdraw tides');
    await expectOk(box, ['pin', '--on-withdraw', 'unpin', ...local]);
    expect(await pins()).not.toContain('tides');
    expect(await pins()).toContain('"mine"');
  });
});
