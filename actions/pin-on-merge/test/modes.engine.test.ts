import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultProxy, startGitHub } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { pinsOf } from './support/pinset.ts';
import { manifestFile } from './support/publisher.ts';
import { cluster, inputs, peer, scene, setStage, tides, winds } from './support/stage.ts';

setStage();

const gateways = () => cluster.peers.map(({ kubo }) => kubo.gateway).join('\n');
const nodes = () => cluster.peers.map(({ kubo }) => kubo.api).join('\n');

describe('a dry run', { timeout: 120_000 }, () => {
  it('of a push shows the plan and changes nothing', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({ inputs: inputs({ 'dry-run': 'true' }) });
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.outputs.plan ?? '')).toMatchObject([
      { kind: 'pin', ids: ['tides@1.0.0'], adds: 3 },
    ]);
    expect(result.summary).toContain('Dry run: 1 to change');
    expect(result.outputs.receipt).toBeUndefined();
    expect(await pinsOf(cluster)).toEqual({});
  });

  it.each([
    ['with the cluster', true],
    ['without a secret, as from a fork', false],
  ])('is what a pull request gets, %s', async (_, withCluster) => {
    await scene.repository.branch('topic');
    await scene.repository.write(manifestFile(scene.alice.manifest('tides', tides)));
    await scene.repository.commit('Add tides');
    await scene.repository.switch('main');
    const pull = await scene.repository.pullRequest('topic');
    const clone = await scene.repository.shallowClone(1, 'refs/pull/1/merge');
    const result = await scene.run({
      cwd: clone.path,
      eventName: 'pull_request',
      event: {
        number: 1,
        repository: { full_name: 'holdfast-data/datasets', default_branch: 'main' },
        pull_request: {
          number: 1,
          merge_commit_sha: pull.merge,
          head: { ref: 'topic', sha: pull.head },
          base: { ref: 'main', sha: pull.base },
        },
      },
      inputs: withCluster ? inputs() : {},
    });
    expect(result.exitCode, result.stdout).toBe(0);
    expect(result.results).toMatchObject([{ id: 'tides@1.0.0', verdict: 'planned', step: 'pin' }]);
    expect(await pinsOf(cluster)).toEqual({});
  });

  it('is all that a push to another branch gets', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const event = { ...scene.pushEvent, ref: 'refs/heads/topic' };
    const result = await scene.onPush({ event, inputs: inputs() });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('· tides@1.0.0 is planned');
    expect(await pinsOf(cluster)).toEqual({});
  });
});

describe('a scan', { timeout: 120_000 }, () => {
  const grep = `node -e "let t='';process.stdin.on('data',d=>t+=d).on('end',()=>{if(t.includes('7')){console.log('seven FOUND');process.exit(1)}})"`;

  it('blocks what it finds something in, and lets the rest be pinned', async () => {
    const cid = await cluster.addContent(tides);
    await cluster.addContent(winds);
    await scene.merge(scene.alice.manifest('tides', tides), scene.alice.manifest('winds', winds));
    for (const source of [{ 'kubo-url': nodes() }, { gateways: gateways(), 'verify-retrieval': 'off' }]) {
      const result = await scene.onPush({ inputs: inputs({ 'scan-command': grep, ...source }) });
      expect(result.exitCode).toBe(1);
      expect(result.results).toMatchObject([
        {
          id: 'winds@1.0.0',
          verdict: 'blocked',
          reason: 'the scanner found something in winds.csv (seven FOUND)',
        },
        { id: 'tides@1.0.0', verdict: 'satisfied' },
      ]);
      expect(Object.keys(await pinsOf(cluster))).toEqual([cid]);
    }
  });

  it('takes its time: what others pin meanwhile is left as they made it', async () => {
    const cid = await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const byHand = `${cluster.urls[0]}/pins/${cid}?name=by-hand&replication-min=3&replication-max=3&meta-team=ops`;
    const pins = `node -e "process.stdin.resume().on('end',()=>fetch('${byHand}',{method:'POST'}))"`;
    const result = await scene.onPush({ inputs: inputs({ 'scan-command': pins, 'kubo-url': nodes() }) });
    expect(result.exitCode, result.stdout).toBe(0);
    expect(result.results).toMatchObject([{ verdict: 'satisfied', copies: 3 }]);
    const { owner, ...pin } = (await pinsOf(cluster))[cid] ?? {};
    expect([owner, pin]).toEqual([undefined, expect.objectContaining({ name: 'by-hand', min: 3, max: 3 })]);
  });

  it('is made of what another repository has pinned, too', async () => {
    const cid = await cluster.addContent(winds);
    const claims = JSON.stringify({ 'github.com/b/maps': { 'm@1': '1/1/0' } });
    const metadata = `meta-holdfast-repo=github.com/b/maps&meta-holdfast-ids=${encodeURIComponent(claims)}`;
    await peer(0).request(`/pins/${cid}?name=m&replication-min=1&replication-max=1&${metadata}`, 'POST');
    await expect.poll(async () => (await pinsOf(cluster))[cid]?.copies, { timeout: 20_000 }).toBe(1);
    const before = await pinsOf(cluster);
    await scene.merge(scene.alice.manifest('winds', winds));
    const result = await scene.onPush({ inputs: inputs({ 'scan-command': grep, 'kubo-url': nodes() }) });
    expect(result.results).toMatchObject([{ id: 'winds@1.0.0', verdict: 'blocked' }]);
    expect(await pinsOf(cluster)).toEqual(before);
  });

  it('gives the program no secret', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const tell = `node -e "process.stdin.resume().on('end',()=>{console.log(Object.keys(process.env).join());process.exit(1)})"`;
    const result = await scene.onPush({
      inputs: inputs({ 'scan-command': tell, 'kubo-url': nodes() }),
      env: { CLUSTER_AUTH: 'pinner:secret-word', MY_SECRET: 'x' },
    });
    const seen = result.results[0]?.reason ?? '';
    expect(seen).toContain('PATH');
    for (const name of ['CLUSTER_AUTH', 'MY_SECRET', 'INPUT_', 'GITHUB_']) expect(seen).not.toContain(name);
  });

  it('of content that nobody has ends, and blocks', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({
      inputs: inputs({ 'scan-command': grep, gateways: gateways(), timeout: '6s' }),
    });
    expect(result.exitCode).not.toBe(0);
    expect(result.outputs.failed).toBe('1');
    expect(await pinsOf(cluster)).toEqual({});
  });
});

describe('retrieval', { timeout: 120_000 }, () => {
  it.each(['sample', 'all'])('is proved through gateways: %s', async (extent) => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({
      inputs: inputs({ gateways: gateways(), 'verify-retrieval': extent }),
    });
    expect(result.exitCode, result.stdout).toBe(0);
    expect(result.results).toMatchObject([{ verdict: 'satisfied', retrieval: { ok: true, blocks: 3 } }]);
    expect(result.stdout).toContain('fetched back tides@1.0.0: 3 pieces');
  });

  it('that fails makes a pinned dataset degraded', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({ inputs: inputs({ gateways: 'http://127.0.0.1:9' }) });
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([
      {
        verdict: 'degraded',
        copies: 3,
        reason: expect.stringContaining('the gateways could not serve it'),
      },
    ]);
  });
});

describe('a run that does not wait', { timeout: 120_000 }, () => {
  it('calls what is under way accepted: neither red nor satisfied, and without a receipt', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({ inputs: inputs({ wait: 'none' }) });
    expect(result.exitCode, result.stdout).toBe(0);
    expect(result.results).toMatchObject([{ verdict: 'accepted' }]);
    expect(result.outputs).toMatchObject({ satisfied: '0', degraded: '0', failed: '0' });
    expect(result.outputs.receipt).toBeUndefined();
    expect(result.summary).toContain('1 accepted, not waited for');
  });
});

describe('a run that is cancelled', { timeout: 120_000 }, () => {
  it('says how far it came, within the seconds it is given', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const stop = new AbortController();
    const running = scene.onPush({ inputs: inputs(), cancel: stop.signal });
    await expect.poll(async () => Object.keys(await pinsOf(cluster)).length, { timeout: 20_000 }).toBe(1);
    await sleep(300);
    stop.abort();
    const began = performance.now();
    const result = await running;
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([{ id: 'tides@1.0.0', verdict: 'failed' }]);
    expect(result.summary).toContain('the run was cancelled');
  });
});

describe('a run that is cancelled while GitHub does not answer', { timeout: 120_000 }, () => {
  it('has its summary, and ends within the seconds it is given', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    await using github = await startGitHub();
    await using proxy = await startFaultProxy(github.url);
    proxy.inject({ kind: 'hang' });
    const stop = new AbortController();
    const shown = { apiUrl: proxy.url, token: 'ghs_test' };
    const running = scene.onPush({ inputs: inputs(), cancel: stop.signal, ...shown });
    await expect.poll(async () => Object.keys(await pinsOf(cluster)).length, { timeout: 20_000 }).toBe(1);
    stop.abort();
    const result = await running;
    expect(result.exitCode).toBe(1);
    expect(result.summary).toContain('the run was cancelled');
    expect(result.stdout).toContain('the commit status could not be written');
  });
});

describe("GitHub's API", { timeout: 120_000 }, () => {
  it.each([
    ['may not be written to', { permissions: { contents: 'read' } } as const, 'statuses: write'],
    ['does not accept the token', { token: 'ghs_other' }, 'the token is not valid (401)'],
  ])('%s: the verdict is the same, and the log says what is not shown', async (_, options, words) => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    await using github = await startGitHub({ ...options });
    const result = await scene.onPush({ inputs: inputs(), apiUrl: github.url, token: 'ghs_test' });
    expect(result).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
    expect(result.stdout).toContain(words);
    expect(github.requests.filter(({ unknown }) => unknown)).toEqual([]);
  });

  it('shows one comment, edited when the run is repeated', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const pull = {
      number: 7,
      merged: true,
      merge_commit_sha: scene.head,
      head: { sha: scene.head },
      base: { sha: scene.before },
    };
    await using github = await startGitHub({ pulls: [pull] });
    const shown = { apiUrl: github.url, token: 'ghs_test' };
    expect((await scene.onPush({ inputs: inputs({ timeout: '3s' }), ...shown })).exitCode).toBe(1);
    expect(github.comments).toMatchObject([{ body: expect.stringContaining('❌') }]);
    await cluster.addContent(tides);
    expect((await scene.onPush({ inputs: inputs(), ...shown })).exitCode).toBe(0);
    expect(github.comments).toMatchObject([{ body: expect.stringContaining('✅') }]);
    expect(github.statuses.map(({ state }) => state)).toEqual(['error', 'success']);
    await scene.onPush({ inputs: inputs({ comment: 'false', status: 'false' }), ...shown });
    expect(github.statuses).toHaveLength(2);
  });
});
