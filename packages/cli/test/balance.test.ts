import { describe, expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

const folder = (name: string) => ({ name, kind: 'local', folder: `copies/${name}` });

describe('holdfast balance', { tags: ['slow'] }, () => {
  it('moves copies to a target that came later, after it has shown which', async () => {
    await using box = await sandbox();
    await initialized(box);
    const targets = ['oslo', 'bergen', 'lisbon'].map(folder);
    await box.write({ '.holdfast/targets.json': JSON.stringify({ targets }) });
    const files: string[] = [];
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
      await box.write({ 'data/new.csv': 'x'.repeat(1000 + files.length) });
      const manifest = await signedTides(box, { tier: 'standard', version });
      await expectOk(box, ['publish', 'data', '--manifest', manifest, '--target', 'oslo']);
      files.push(manifest);
    }
    const two = ['--target', 'oslo', '--target', 'bergen'];
    const pinned = await box.json(['pin', ...files, ...two, '--wait', 'max']);
    expect(pinned.code).toBe(0);
    const shown = await box.run(['balance', ...files, '--target', 'all', '--dry-run']);
    expect(shown.stdout).toMatch(/· tides@1\.\d\.0 1\.\d kB: (oslo|bergen) → lisbon/);
    expect(shown.stdout).toContain('would keep 1.0 times the mean, where it was 1.5');
    const moved = await box.json(['balance', ...files, '--target', 'all']);
    expect(moved.document).toMatchObject({ exitCode: 0, result: { moved: 2 } });
    const again = await box.run(['balance', ...files, '--target', 'all']);
    expect(again.stdout).toContain('nothing to move: the fullest peer keeps 1.0 times the mean');
    const status = await box.json(['status', ...files, '--target', 'all']);
    expect(status.document.result).toMatchObject({ datasets: files.map(() => ({ copies: 2 })) });
  });

  it('needs targets that can say which copies go', async () => {
    await using box = await sandbox();
    const { code, stderr } = await box.run(['balance', '--local', 'copies']);
    expect({ code, said: stderr.includes('chooses by itself which copies go') }).toEqual({
      code: 2,
      said: true,
    });
  });
});
