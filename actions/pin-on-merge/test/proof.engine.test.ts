import { readFileSync } from 'node:fs';
import { blockDamages, blockFile } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { cluster, inputs, peer, scene, setStage } from './support/stage.ts';

setStage();

const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.csv`, `${i},`.repeat(9000)]));

async function spoil(cid: string, how: keyof typeof blockDamages): Promise<void> {
  const { kubo } = peer(1);
  const refs = (await kubo.rpc('refs', { arg: cid, recursive: true, unique: true })).trim().split('\n');
  for (const line of refs.slice(0, 12))
    blockDamages[how](blockFile(kubo.repository, (JSON.parse(line) as { Ref: string }).Ref));
}

describe('copies that peers have to show', { timeout: 180_000 }, () => {
  it('are shown after a merge, on the page and in the receipt; lost ones are found on the schedule and repaired', async () => {
    const cid = await cluster.addContent(files);
    await scene.merge(scene.alice.manifest('tides', files, { tier: 'important' }));
    const merged = await scene.onPush({ inputs: inputs() });
    expect(merged.exitCode).toBe(0);
    expect(merged.stdout).toContain('Proofs: 3 proved');
    expect(merged.summary).toMatch(/Wanted\s*\|\s*Proved\s*\|/);
    expect(merged.summary).toMatch(/3 of 3/);
    const receipt = JSON.parse(readFileSync(merged.outputs.receipt ?? '', 'utf8'));
    const peers = receipt.predicate.datasets[0].peers as { proof: object }[];
    expect(peers.map(({ proof }) => proof)).toEqual(
      new Array(3).fill(
        expect.objectContaining({
          verdict: 'proved',
          draws: 16,
          seed: expect.stringMatching(new RegExp(`^${receipt.predicate.commit} \\d{4}-.*Z$`)),
        }),
      ),
    );

    await spoil(cid, 'removed');
    const healed = await scene.onSchedule({ inputs: inputs({ 'prove-blocks': '64' }) });
    expect(healed.exitCode).toBe(0);
    expect(healed.stdout).toContain('repaired peer-1: it fetched again what was missing');
    expect(healed.summary).toContain('### Copies that could not be shown');
    expect(healed.results).toMatchObject([{ verdict: 'satisfied', copies: 3 }]);
    const quiet = await scene.onSchedule({ inputs: inputs() });
    expect([quiet.exitCode, quiet.stdout.includes('Proofs: 3 proved')]).toEqual([0, true]);
  });

  it('that are damaged make the run red and say where to look, until the node replaces them', async () => {
    const cid = await cluster.addContent(files);
    await scene.merge(scene.alice.manifest('tides', files, { tier: 'important' }));
    expect((await scene.onPush({ inputs: inputs({ prove: 'require' }) })).exitCode).toBe(0);
    await spoil(cid, 'overwritten');
    const off = await scene.onSchedule({ inputs: inputs({ prove: 'off' }) });
    expect([off.exitCode, off.summary.includes('Proved')]).toEqual([0, false]);
    const red = await scene.onSchedule({ inputs: inputs({ 'prove-blocks': '64' }) });
    expect(red.exitCode).toBe(1);
    expect(red.results).toMatchObject([{ verdict: 'degraded', copies: 2 }]);
    expect(red.summary).toContain('on the machine of peer-1, run <code>ipfs repo verify --heal</code>');
    const nodes = cluster.peers.map(({ kubo }) => kubo.api).join('\n');
    const healed = await scene.onSchedule({ inputs: inputs({ 'prove-blocks': '64', 'kubo-url': nodes }) });
    expect(healed.exitCode).toBe(0);
    expect(healed.stdout).toContain('repaired peer-1: its IPFS node fetched again what it had lost');
  });
});
