import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../src/receipt.ts';
import { pinsOf } from './support/pinset.ts';
import { manifestFile, Publisher } from './support/publisher.ts';
import { auth, cluster, inputs, scene, setStage, tides, winds } from './support/stage.ts';

setStage({ auth });

describe('a merge', { timeout: 120_000 }, () => {
  it('is pinned at its tier, with a receipt that says so', async () => {
    const cid = await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'important' }));
    const result = await scene.onPush({ inputs: inputs() });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.outputs).toMatchObject({
      satisfied: '1',
      degraded: '0',
      failed: '0',
      receipt: scene.receipt,
    });
    expect(result.results).toMatchObject([
      {
        id: 'tides@1.0.0',
        cid,
        verdict: 'satisfied',
        copies: 3,
        regions: ['ap', 'eu', 'us'],
        signedBy: ['alice'],
      },
    ]);
    expect(await pinsOf(cluster)).toMatchObject({
      [cid]: { min: 3, max: 5, name: 'tides@1.0.0', copies: 3, owner: 'github.com/holdfast-data/datasets' },
    });
    const receipt = JSON.parse(readFileSync(scene.receipt, 'utf8')) as Receipt;
    const digest = result.results[0]?.digest ?? '';
    expect(receipt).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'tides@1.0.0', digest: { sha256: digest } }],
      predicateType: result.outputs['receipt-type'],
      predicate: {
        commit: scene.head,
        repository: 'holdfast-data/datasets',
        datasets: [
          { cid, tier: 'important', copies: { min: 3, max: 5, have: 3 }, regions: ['ap', 'eu', 'us'] },
        ],
      },
    });
    expect(new Set(receipt.predicate.datasets[0]?.peers.map(({ id }) => id))).toEqual(
      new Set(cluster.peers.map(({ id }) => id)),
    );
    expect(readFileSync(result.outputs['receipt-subjects'] ?? '', 'utf8')).toBe(`${digest}  tides@1.0.0\n`);
    expect(JSON.parse(readFileSync(result.outputs['receipt-predicate'] ?? '', 'utf8'))).toEqual(
      receipt.predicate,
    );
    expect(result.summary).toContain('The dataset has its copies');
    expect(result.stdout).toContain('✓ tides@1.0.0 is satisfied: 3 copies of at least 3 in ap, eu, us');
  });

  it('does nothing the second time', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    expect((await scene.onPush({ inputs: inputs() })).exitCode).toBe(0);
    const before = await pinsOf(cluster);
    for (const again of [
      await scene.onPush({ inputs: inputs() }),
      await scene.onSchedule({ inputs: inputs() }),
    ]) {
      expect(again.exitCode).toBe(0);
      expect(JSON.parse(again.outputs.plan ?? '')).toMatchObject([{ kind: 'keep' }]);
    }
    expect(await pinsOf(cluster)).toEqual(before);
  });

  it('of another tier raises copies, and lowers them', async () => {
    const cid = await cluster.addContent(tides);
    const manifest = scene.alice.manifest('tides', tides, { tier: 'ephemeral' });
    await scene.merge(manifest);
    expect((await scene.onPush({ inputs: inputs() })).results).toMatchObject([{ copies: 1, step: 'pin' }]);
    for (const [revision, tier, step, copies] of [
      [2, 'important', 'raise', 3],
      [3, 'ephemeral', 'lower', 1],
    ] as const) {
      await scene.merge(
        scene.alice.sign({ ...manifest, dataset: { ...manifest.dataset, revision, tier }, signatures: [] }),
      );
      const result = await scene.onPush({ inputs: inputs() });
      expect(result.exitCode).toBe(0);
      expect(result.results).toMatchObject([{ verdict: 'satisfied', step }]);
      await expect.poll(async () => (await pinsOf(cluster))[cid]?.copies, { timeout: 20_000 }).toBe(copies);
    }
  });

  it.each([
    ['keep', { copies: 2 }, 'withdrawn'],
    ['unpin', undefined, 'withdrawn'],
  ])('of a withdrawal with on-withdraw: %s', async (onWithdraw, left, verdict) => {
    const cid = await cluster.addContent(tides);
    const manifest = scene.alice.manifest('tides', tides);
    await scene.merge(manifest);
    await scene.onPush({ inputs: inputs() });
    const dataset = { ...manifest.dataset, revision: 2, withdrawn: { reason: 'a wrong sensor' } };
    await scene.merge(scene.alice.sign({ dataset, signatures: [] }));
    const result = await scene.onPush({ inputs: inputs({ 'on-withdraw': onWithdraw }) });
    expect(result.exitCode).toBe(0);
    expect(result.results).toMatchObject([{ id: 'tides@1.0.0', verdict }]);
    const pin = (await pinsOf(cluster))[cid];
    if (left === undefined) expect(pin).toBeUndefined();
    else expect(pin?.copies).toBeGreaterThanOrEqual(left.copies);
  });

  it('with more origins than a request holds is pinned all the same: they are only hints', async () => {
    const cid = await cluster.addContent(tides);
    const known = '12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b';
    const name = `${'n'.repeat(60)}.${'e'.repeat(60)}.example.org`;
    const origins = [
      `/p2p/${known}`,
      ...Array.from({ length: 49 }, (_, index) => `/dns4/${name}/tcp/${4001 + index}/p2p/${known}`),
    ];
    await scene.merge(scene.alice.manifest('tides', tides, { origins }));
    expect(await scene.onPush({ inputs: inputs() })).toMatchObject({
      exitCode: 0,
      outputs: { satisfied: '1' },
    });
    expect((await pinsOf(cluster))[cid]?.copies).toBe(3);
    const again = await scene.onSchedule({ inputs: inputs() });
    expect(JSON.parse(again.outputs.plan ?? '')).toMatchObject([{ kind: 'keep' }]);
  });

  it('of good and bad manifests pins the good ones and is red', async () => {
    const cid = await cluster.addContent(tides);
    await cluster.addContent(winds);
    const mallory = new Publisher('mallory');
    await scene.merge(scene.alice.manifest('tides', tides), mallory.manifest('winds', winds));
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ satisfied: '1', failed: '1' });
    expect(result.results).toMatchObject([
      { id: 'winds@1.0.0', verdict: 'refused' },
      { id: 'tides@1.0.0', verdict: 'satisfied' },
    ]);
    expect(Object.keys(await pinsOf(cluster))).toEqual([cid]);
    expect(result.annotations).toContainEqual(
      expect.objectContaining({ file: 'manifests/winds-v1.0.0.json' }),
    );
  });

  it('with a key of its own is refused: trust is that of the commit before', async () => {
    await cluster.addContent(winds);
    const mallory = new Publisher('mallory');
    await scene.repository.write(mallory.keyFile());
    await scene.merge(mallory.manifest('winds', winds));
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([{ id: 'winds@1.0.0', verdict: 'refused' }]);
    expect(await pinsOf(cluster)).toEqual({});
  });
});

describe('pushes of other shapes', { timeout: 120_000 }, () => {
  it('the first push of a repository', async () => {
    const cid = await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    scene.before = '0'.repeat(40);
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.exitCode).toBe(0);
    expect(Object.keys(await pinsOf(cluster))).toEqual([cid]);
  });

  it('several merges at once', async () => {
    const cids = [await cluster.addContent(tides), await cluster.addContent(winds)];
    const { head } = scene;
    await scene.merge(scene.alice.manifest('tides', tides));
    await scene.merge(scene.alice.manifest('winds', winds));
    scene.before = head;
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.outputs).toMatchObject({ satisfied: '2' });
    expect(Object.keys(await pinsOf(cluster)).sort()).toEqual(cids.sort());
  });

  it('the run for one merge was dropped by GitHub: the next one does for both', async () => {
    const cids = [await cluster.addContent(tides), await cluster.addContent(winds)];
    await scene.merge(scene.alice.manifest('tides', tides));
    await scene.merge(scene.alice.manifest('winds', winds));
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.outputs).toMatchObject({ satisfied: '2' });
    expect(Object.keys(await pinsOf(cluster)).sort()).toEqual(cids.sort());
  });

  it('a forced push that takes a dataset out is red, and the pins stay', async () => {
    const cid = await cluster.addContent(tides);
    const other = await cluster.addContent(winds);
    const { head } = scene;
    await scene.merge(scene.alice.manifest('tides', tides));
    await scene.onPush({ inputs: inputs() });
    await scene.repository.git('reset', '--quiet', '--hard', head);
    await scene.repository.write({ 'manifests/tides-v1.0.0.json': null });
    await scene.repository.write(manifestFile(scene.alice.manifest('winds', winds)));
    await scene.push('Forget the tides', { force: true });
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([
      { id: 'tides@1.0.0', verdict: 'refused', reason: expect.stringContaining('its pins stay as they are') },
      { id: 'winds@1.0.0', verdict: 'satisfied' },
    ]);
    expect(Object.keys(await pinsOf(cluster)).sort()).toEqual([cid, other].sort());
  });
});
