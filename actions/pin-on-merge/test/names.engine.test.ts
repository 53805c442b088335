import { readFileSync } from 'node:fs';
import type { Manifest } from '@holdfast/manifest';
import { describe, expect, it } from 'vitest';
import { type RecordServer, recordServer } from '../../../packages/retrieval/test/names/record-server.ts';
import { name, namedTides, secret, valueOn } from './support/names.ts';
import { cluster, inputs, peer, scene, setStage, tides } from './support/stage.ts';

setStage();

async function merged(version: string): Promise<Manifest> {
  const content = { ...tides, 'VERSION.md': version };
  await cluster.addContent(content);
  const manifest = scene.alice.manifest('tides', content, { version });
  await scene.merge(manifest);
  return manifest;
}

describe('the name of a dataset', { timeout: 180_000 }, () => {
  it('moves once the copies exist, and to nothing that has none', async () => {
    const servers = await Promise.all([recordServer(), recordServer(), recordServer()]);
    const routers = servers.map(({ url }) => url).join('\n');
    await namedTides();
    const first = await merged('1.0.0');
    const named = { 'name-key': secret, routers };
    const result = await scene.onPush({ inputs: inputs(named) });
    expect(result.exitCode, result.stdout).toBe(0);
    expect(JSON.parse(result.outputs.names ?? '')).toMatchObject([
      { dataset: 'tides', name, outcome: 'published', id: 'tides@1.0.0', sequence: '1' },
    ]);
    expect(await Promise.all(servers.map(valueOn))).toEqual(servers.map(() => `/ipfs/${first.dataset.cid}`));
    expect(result.summary).toContain('### Names');
    const receipt = JSON.parse(readFileSync(scene.receipt, 'utf8'));
    expect(receipt.predicate.datasets[0].name).toMatchObject({ name, sequence: '1' });
    for (const line of secret.split('\n').filter((part) => part !== '' && !part.startsWith('-----')))
      expect(`${result.stdout.replace(/^::add-mask::.*$/gm, '')}${result.summary}`).not.toContain(line);

    // The next version has too few copies: readers of the name never see it.
    await cluster.stop(peer(1));
    await cluster.stop(peer(2));
    const second = await merged('1.1.0');
    const degraded = await scene.onPush({ inputs: inputs({ ...named, timeout: '8s' }) });
    expect(degraded.exitCode).toBe(1);
    expect(JSON.parse(degraded.outputs.names ?? '')).toMatchObject([{ outcome: 'waiting' }]);
    expect(await valueOn(servers[0] as RecordServer)).toBe(`/ipfs/${first.dataset.cid}`);

    await cluster.restart(peer(1));
    await cluster.restart(peer(2));
    await expect
      .poll(async () => (await scene.onSchedule({ inputs: inputs(named) })).exitCode, { timeout: 60_000 })
      .toBe(0);
    expect(await valueOn(servers[2] as RecordServer)).toBe(`/ipfs/${second.dataset.cid}`);
  });

  it('that too few routers take makes the run red, and says what to do', async () => {
    const servers = await Promise.all([recordServer(), recordServer(), recordServer()]);
    for (const server of servers.slice(1)) server.behaviour = 'drops';
    await namedTides();
    await merged('1.0.0');
    const routers = servers.map(({ url }) => url).join('\n');
    const result = await scene.onPush({ inputs: inputs({ 'name-key': secret, routers }) });
    expect(result.outputs).toMatchObject({ satisfied: '1' });
    expect(JSON.parse(result.outputs.names ?? '')).toMatchObject([{ outcome: 'failed' }]);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('name of tides failed');
  });
});
