import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

const folder = (name: string) => ({ name, kind: 'local', folder: `copies/${name}` });
const targets = { targets: ['old', 'next', 'third'].map(folder) };

async function kept(box: Sandbox): Promise<string> {
  await initialized(box);
  await box.write({ '.holdfast/targets.json': JSON.stringify(targets) });
  const manifest = await signedTides(box, { tier: 'ephemeral' });
  await expectOk(box, ['publish', 'data', '--manifest', manifest, '--target', 'old']);
  await expectOk(box, ['pin', manifest, '--target', 'old']);
  return manifest;
}

describe('holdfast move', { tags: ['slow'] }, () => {
  it('makes the copies there, has them shown, and gives the old ones up', async () => {
    await using box = await sandbox();
    const manifest = await kept(box);
    const moved = await box.json(['move', manifest, '--from', 'old', '--to', 'next', '--prove', 'require']);
    expect(moved.document).toMatchObject({
      exitCode: 0,
      result: { datasets: [{ name: 'tides@1.0.0', outcome: 'moved', copies: 1 }] },
    });
    expect((await box.run(['status', manifest, '--target', 'next'])).code).toBe(0);
    expect((await box.run(['status', manifest, '--target', 'old'])).stdout).toContain('1 without a copy');
    const again = await box.run(['move', manifest, '--from', 'old', '--to', 'next']);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('1 was not there') });
  });

  it('needs two places that are named and have nothing in common', async () => {
    await using box = await sandbox();
    const manifest = await kept(box);
    const said = async (...args: string[]) => (await box.run(['move', manifest, ...args])).stderr;
    expect(await said('--to', 'next')).toContain('--from is missing');
    expect(await said('--from', 'old')).toContain('--to is missing');
    expect(await said('--from', 'old', '--to', 'all')).toContain('old is in --from and in --to');
    expect(await said('--from', 'old', '--to', 'nexd')).toContain('did you mean next?');
  });
});
