import { describe, expect, it } from 'vitest';
import { pinsOf } from './support/pinset.ts';
import { auth, bearerToken, cluster, scene, setStage, tides } from './support/stage.ts';

setStage({ auth, replication: { min: 1, max: 1 } });

describe('a merge without a cluster', { timeout: 120_000 }, () => {
  it('is pinned by a pinning service, and its token is said nowhere', async () => {
    const cid = await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'ephemeral' }));
    const token = await bearerToken();
    const service = { 'pinning-service': cluster.peers[0].pinningServiceUrl, 'pinning-service-token': token };
    const inputs = { ...service, timeout: '60s' };
    const result = await scene.onPush({ inputs });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.results).toMatchObject([{ id: 'tides@1.0.0', cid, verdict: 'satisfied', copies: 1 }]);
    expect(await pinsOf(cluster)).toMatchObject({ [cid]: { copies: 1 } });
    expect(result.visible + result.summary + JSON.stringify(result.outputs)).not.toContain(token);
    expect((await scene.onPush({ inputs })).outputs.satisfied).toBe('1');
  });

  it('of a tier that one service cannot keep is degraded, and says how many copies there are', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'important' }));
    const token = await bearerToken();
    const service = { 'pinning-service': cluster.peers[0].pinningServiceUrl, 'pinning-service-token': token };
    const result = await scene.onPush({ inputs: { ...service, timeout: '30s' } });
    expect(result.exitCode).toBe(1);
    expect(result.results[0]?.verdict).toBe('degraded');
    expect(result.results[0]?.reason).toMatch(/1 of 3/);
  });

  it('is pinned on Kubo nodes, whose copies are counted together', async () => {
    const cid = await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'standard' }));
    const nodes = cluster.peers.map((peer) => peer.kuboApi).join('\n');
    const result = await scene.onPush({ inputs: { 'kubo-url': nodes, timeout: '60s' } });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.results).toMatchObject([{ id: 'tides@1.0.0', cid, verdict: 'satisfied' }]);
    expect(Number(result.results[0]?.copies)).toBeGreaterThanOrEqual(2);
  });
});
