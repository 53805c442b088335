import { startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scene } from '../support/scene.ts';
import { type Clamd, startClamd } from './clamd.ts';

const marker = 'holdfast-test-marker-1f0c';
const limit = 100_000;
const clean = { 'README.md': '# Tides\n', 'data/1990.csv': 'hour,height\n0,1.2\n' };

let kubo: TestKubo;
let clamd: Clamd;
let scene: Scene;
beforeAll(async () => {
  [kubo, clamd] = await Promise.all([
    startKubo(),
    startClamd({ signatures: { 'Holdfast.Test.Marker': marker }, streamMaxLength: limit }),
  ]);
}, 120_000);
afterAll(async () => {
  await clamd?.[Symbol.asyncDispose]();
  await kubo?.close();
});
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene[Symbol.asyncDispose]());

/** The action on a merge of these files, with ClamAV looking at them first, and whether they are pinned now. */
async function merge(name: string, contents: Readonly<Record<string, string>>) {
  const cid = await kubo.addContent(contents);
  await scene.merge(scene.alice.manifest(name, contents, { tier: 'ephemeral' }));
  const [node] = kubo.nodes;
  if (node === undefined) throw new Error('no node');
  const result = await scene.onPush({
    inputs: { 'kubo-url': node.api, 'scan-command': clamd.command, timeout: '60s' },
  });
  const answer = await fetch(`${node.api}/api/v0/pin/ls?type=recursive`, { method: 'POST' });
  const { Keys = {} } = (await answer.json()) as { Keys?: Record<string, unknown> };
  return { result, pinned: cid in Keys };
}

describe('clamdscan as the scan-command', { timeout: 120_000 }, () => {
  it('lets clean files be pinned', async () => {
    const { result, pinned } = await merge('tides', clean);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(result.stdout).toContain('scanned tides@1.0.0: 2 files');
    expect(pinned).toBe(true);
  });

  it('blocks the dataset for a hit, and names the file and the signature', async () => {
    const { result, pinned } = await merge('infected', { ...clean, 'data/bad.csv': `x,${marker}\n` });
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([
      {
        id: 'infected@1.0.0',
        verdict: 'blocked',
        reason: expect.stringMatching(/data\/bad\.csv .*Holdfast\.Test\.Marker.* FOUND/),
      },
    ]);
    expect(pinned).toBe(false);
  });

  it('blocks a file above the limit that ClamAV would call clean unseen', async () => {
    const { result, pinned } = await merge('large', {
      'large.csv': `${'0,1\n'.repeat(2 * limit)}${marker}\n`,
    });
    expect(result.results).toMatchObject([
      // Either clamd says so, or it stops reading first and calls the rest clean.
      { verdict: 'blocked', reason: expect.stringMatching(/size limit|larger than a limit of the scanner/) },
    ]);
    expect(pinned).toBe(false);
  });

  it('blocks when there is no daemon to ask, and says that this is no hit', async () => {
    await clamd.stop();
    const { result, pinned } = await merge('winds', { 'winds.csv': 'hour,speed\n0,7\n' });
    expect(result.results).toMatchObject([
      { verdict: 'blocked', reason: expect.stringContaining('exited with 2') },
    ]);
    expect(result.results[0]?.reason).not.toContain('found something');
    expect(pinned).toBe(false);
  });
});
