import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

const folder = (name: string, more: object = {}) => ({
  name,
  kind: 'local',
  folder: `copies/${name}`,
  ...more,
});
const file = {
  targets: [folder('oslo'), folder('bergen'), folder('lisbon', { region: 'south' })],
  regions: { north: { targets: ['oslo', 'bergen'], quorum: 2 } },
};

/** A signed dataset whose content is in one of three folders that a targets file names. */
async function ready(box: Sandbox, tier: string): Promise<string> {
  await initialized(box);
  await box.write({ '.holdfast/targets.json': JSON.stringify(file) });
  const manifest = await signedTides(box, { tier });
  await expectOk(box, ['publish', 'data', '--manifest', manifest, '--target', 'oslo']);
  return manifest;
}

describe('several targets of a file', { tags: ['slow'] }, () => {
  it('are one with --target all: copies and regions are counted over them', async () => {
    await using box = await sandbox();
    const manifest = await ready(box, 'important');
    const pinned = await box.json(['pin', manifest, '--target', 'all']);
    expect(pinned.document).toMatchObject({
      exitCode: 0,
      result: { target: 'targets oslo, bergen, lisbon', outcome: 'satisfied', results: [{ copies: 3 }] },
    });
    const status = await box.run(['status', manifest, '--target', 'all']);
    expect(status.stdout).toContain('3 of 3 to 5 copies in north, south');
    expect(status.stdout).toContain('up bergen');
    expect((await box.json(['pin', manifest, '--target', 'all'])).document).toMatchObject({
      result: { results: [{ step: 'keep' }] },
    });
  });

  it('may be named one by one, or by their region', async () => {
    await using box = await sandbox();
    const manifest = await ready(box, 'standard');
    const targetOf = async (...names: string[]) => {
      const flags = names.flatMap((name) => ['--target', name]);
      const { document } = await box.json(['plan', manifest, ...flags]);
      return (document as { result: { target: string } }).result.target;
    };
    expect(await targetOf('north')).toBe('targets oslo, bergen');
    expect(await targetOf('lisbon', 'oslo')).toBe('targets lisbon, oslo');
    expect(await targetOf('oslo', 'north')).toBe('targets oslo, bergen');
    expect(await targetOf('oslo')).toMatch(/^folder .*oslo$/);
    const wrong = await box.run(['plan', manifest, '--target', 'nort']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean north?') });
  });

  it('are refused where one is meant, with their names', async () => {
    await using box = await sandbox();
    const manifest = await ready(box, 'standard');
    const { code, stderr } = await box.run(['publish', 'data', '--manifest', manifest, '--target', 'north']);
    expect(code).toBe(2);
    expect(stderr).toContain('this is done at one target, and 2 are named');
    expect(stderr).toContain('name one with --target: oslo, bergen');
  });

  it('hold what is wanted when one is lost, and fill it again', async () => {
    await using box = await sandbox();
    const manifest = await ready(box, 'standard');
    await expectOk(box, ['pin', manifest, '--target', 'all', '--wait', 'max']);
    await rm(box.path('copies/oslo'), { recursive: true });
    const healed = await box.json(['heal', manifest, '--target', 'all', '--wait', 'max']);
    expect(healed.document).toMatchObject({
      result: { satisfied: 1, results: [{ step: 'top-up', copies: 3 }] },
    });
  });

  it('are looked at by doctor, each', async () => {
    await using box = await sandbox();
    await ready(box, 'standard');
    const { stdout } = await box.run(['doctor', '--target', 'all']);
    for (const name of ['oslo', 'bergen', 'lisbon']) expect(stdout).toContain(join('copies', name));
  });
});
