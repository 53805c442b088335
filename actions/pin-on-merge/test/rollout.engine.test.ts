import { startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RecordServer, recordServer } from '../../../packages/retrieval/test/names/record-server.ts';
import { namedTides, secret, valueOn } from './support/names.ts';
import { pinsOf } from './support/pinset.ts';
import { auth, cluster, scene, setStage } from './support/stage.ts';

setStage({ auth });

const file = '.holdfast/targets.json';
const env = { HOLDFAST_EU_AUTH: `${auth.user}:${auth.password}` };
const inputs = { targets: file, rollout: 'true', timeout: '120s' };
let canary: TestKubo;
/** The canary keeps what it has between tests. */
let tides: Record<string, string> = {};
let tests = 0;

beforeAll(async () => {
  canary = await startKubo({ nodes: 1 });
  for (const node of canary.nodes) for (const { kubo } of cluster.peers) await node.connect(kubo);
}, 120_000);
afterAll(() => canary?.close());
beforeEach(() => {
  tests += 1;
  tides = { 'data/1990.csv': `hour,height\n0,${tests}\n` };
});

/** A node as the canary, then the cluster, whose content a gateway has to serve. */
async function commit(rollout: object, gateway = canary.nodes[0]?.gateway ?? ''): Promise<void> {
  const targets = [
    ...canary.urls.map((url) => ({
      name: 'canary',
      kind: 'kubo',
      url,
      gateways: [canary.nodes[0]?.gateway],
    })),
    {
      name: 'eu',
      kind: 'cluster',
      urls: cluster.urls,
      gateways: [gateway],
      auth: { env: 'HOLDFAST_EU_AUTH' },
    },
  ];
  const phases = [{ name: 'first', places: ['canary'] }];
  await scene.repository.write({ [file]: JSON.stringify({ targets, rollout: { phases, ...rollout } }) });
  await scene.push('Name the targets');
}

describe('a merge that rolls out', { timeout: 180_000 }, () => {
  it('goes phase by phase, shows the picture, and has its copies', async () => {
    await commit({ prove: 'require', p95Ms: 60_000 });
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'important' }));
    const result = await scene.onPush({ inputs, env });
    expect(result, result.stdout).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.results).toMatchObject([{ verdict: 'satisfied', copies: 4 }]);
    expect(result.stdout).toMatch(
      /Phase first: 1 to make[\s\S]*Phase first: 1 through, 0 taken back[\s\S]*Phase rest: 1 through/,
    );
    expect(result.summary).toContain(
      '```mermaid\nflowchart LR\n  p0["<b>first</b><br>canary<br>1 through"]:::done',
    );
    expect(result.summary).toContain('p0 --> p1 --> name');
    expect(result.summary).toMatch(/✅ the same root and \d+ blocks through 127\.0\.0\.1/);
    expect(result.summary).toMatch(/✅ \d of \d new copies shown/);
    expect(JSON.parse(result.outputs.rollout ?? '')).toMatchObject({
      outcome: 'done',
      phases: [
        { phase: 'first', places: ['canary'], state: 'done' },
        { phase: 'rest', places: ['eu'], state: 'done' },
      ],
      datasets: [{ id: 'tides@1.0.0', outcome: 'done' }],
    });
    // What is out is healed as ever.
    const again = await scene.onPush({ inputs, env });
    expect(again).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
    expect(again.summary).not.toContain('mermaid');
  });

  it('takes back what its second phase does not serve, and keeps the version before', async () => {
    await commit({});
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'important' }));
    expect((await scene.onPush({ inputs, env })).exitCode).toBe(0);
    await commit({ settleSeconds: 4 }, 'http://127.0.0.1:1');
    const next = { ...tides, 'data/1991.csv': 'hour,height\n0,1.4\n' };
    await cluster.addContent(next);
    await scene.merge(scene.alice.manifest('tides', next, { tier: 'important', version: '2.0.0' }));
    const failed = await scene.onPush({ inputs, env });
    expect(failed, failed.stdout).toMatchObject({ exitCode: 1 });
    expect(failed.results.find(({ id }) => id === 'tides@2.0.0')).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(
        /^phase rest failed: .*; taken back: nothing of it is asked for any more$/,
      ),
      todo: expect.stringContaining('What was out before is as it was.'),
    });
    expect(failed.summary).toContain(':::bad');
    const status = await scene.onPush({
      inputs: { ...inputs, rollout: 'false', 'dry-run': 'true', mode: 'all' },
      env,
    });
    const plan = JSON.parse(status.outputs.plan ?? '[]') as { ids: string[]; kind: string }[];
    expect(Object.fromEntries(plan.map(({ ids, kind }) => [ids[0], kind]))).toEqual({
      'tides@1.0.0': 'keep',
      'tides@2.0.0': 'pin',
    });
  });

  it('takes the version before away only once the next one is out', async () => {
    await commit({});
    await cluster.addContent(tides);
    const first = scene.alice.manifest('tides', tides, { tier: 'important' });
    await scene.merge(first);
    expect((await scene.onPush({ inputs, env })).exitCode).toBe(0);
    await commit({ settleSeconds: 4 }, 'http://127.0.0.1:1');
    const next = { ...tides, 'data/1991.csv': 'hour,height\n0,1.4\n' };
    await cluster.addContent(next);
    const withdrawn = { ...first.dataset, revision: 2, withdrawn: { reason: 'the next one has more' } };
    await scene.merge(
      scene.alice.sign({ dataset: withdrawn, signatures: [] }),
      scene.alice.manifest('tides', next, { tier: 'important', version: '2.0.0' }),
    );
    const unpin = { ...inputs, 'on-withdraw': 'unpin' };
    const copies = async () => (await pinsOf(cluster))[first.dataset.cid]?.copies;
    expect((await scene.onPush({ inputs: unpin, env })).exitCode).toBe(1);
    expect(await copies()).toBe(3);
    await commit({});
    const out = await scene.onPush({ inputs: { ...unpin, mode: 'all' }, env });
    expect(out, out.stdout).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
    expect(await copies()).toBeUndefined();
  });

  it('moves the name last: its readers never see a version that was taken back', async () => {
    const servers = await Promise.all([recordServer(), recordServer(), recordServer()]);
    const named = { ...inputs, 'name-key': secret, routers: servers.map(({ url }) => url).join('\n') };
    await namedTides();
    await commit({});
    await cluster.addContent(tides);
    const first = scene.alice.manifest('tides', tides, { tier: 'important' });
    await scene.merge(first);
    expect((await scene.onPush({ inputs: named, env })).exitCode).toBe(0);
    // Somebody who reads the name all the time, at every server.
    const seen = new Set<string | undefined>();
    const reader = setInterval(async () => {
      for (const server of servers) seen.add(await valueOn(server));
    }, 20);
    await commit({ settleSeconds: 4 }, 'http://127.0.0.1:1');
    const next = { ...tides, 'data/1991.csv': 'hour,height\n0,1.4\n' };
    await cluster.addContent(next);
    const second = scene.alice.manifest('tides', next, { tier: 'important', version: '2.0.0' });
    await scene.merge(second);
    const failed = await scene.onPush({ inputs: named, env });
    expect(failed.exitCode).toBe(1);
    expect(JSON.parse(failed.outputs.names ?? '')).toMatchObject([{ outcome: 'waiting' }]);
    await commit({});
    let copies = 0;
    const out = scene.onPush({ inputs: { ...named, mode: 'all' }, env });
    const isOut = out.then(() => true);
    while (!(await Promise.race([isOut, new Promise((resolve) => setTimeout(resolve, 20))]))) {
      const isMoved = (await valueOn(servers[0] as RecordServer)) === `/ipfs/${second.dataset.cid}`;
      if (!isMoved) continue;
      copies = (await pinsOf(cluster))[second.dataset.cid]?.copies ?? 0;
      break;
    }
    expect(await out).toMatchObject({ exitCode: 0 });
    clearInterval(reader);
    expect([...seen].slice(0, 1)).toEqual([`/ipfs/${first.dataset.cid}`]);
    expect([...seen].slice(1)).toEqual([`/ipfs/${second.dataset.cid}`]);
    expect(copies).toBe(3);
  });

  it('stops where the file says, and is neither satisfied nor red', async () => {
    await commit({ until: 'first' });
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'important' }));
    const paused = await scene.onPush({ inputs, env });
    expect(paused, paused.stdout).toMatchObject({ exitCode: 0 });
    expect(paused.results).toMatchObject([{ verdict: 'accepted', copies: 1 }]);
    expect(paused.results[0]?.reason).toContain(
      'it stands in phase first, and the rollout was to stop there',
    );
    await commit({});
    const on = await scene.onPush({ inputs: { ...inputs, mode: 'all' }, env });
    expect(on, on.stdout).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
  });
});
