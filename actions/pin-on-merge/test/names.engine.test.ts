import { readFileSync } from 'node:fs';
import { generateKey, type Manifest } from '@holdfast/manifest';
import { encodePrivateKey, ipnsNameOf } from '@holdfast/manifest/internal';
import { verifyRecord } from '@holdfast/retrieval';
import { describe, expect, it } from 'vitest';
import { type RecordServer, recordServer } from '../../../packages/retrieval/test/names/record-server.ts';
import { cluster, inputs, peer, scene, setStage, tides } from './support/stage.ts';

const key = generateKey();
const name = ipnsNameOf(key.publicKey.bytes);
const secret = await encodePrivateKey(key);
setStage();

/** The policy gives tides its name; Alice may publish anything. */
async function namedTides(): Promise<void> {
  const policy = {
    version: 1,
    signers: { alice: { keys: ['alice.pub'], keyids: [scene.alice.keyid] } },
    rules: [{ manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard', 'important'] }],
    names: { tides: name },
  };
  await scene.repository.write({ 'public-keys/policy.json': JSON.stringify({ policy, signatures: [] }) });
  await scene.push('Name tides');
}

async function valueOn({ records }: RecordServer): Promise<string | undefined> {
  const bytes = records.get(name);
  if (bytes === undefined) return undefined;
  const verdict = await verifyRecord(name, bytes);
  return verdict.ok ? verdict.record.value : undefined;
}

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
