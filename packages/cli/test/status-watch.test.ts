// @module-tag slow
import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gatewayOf } from './support/gateway.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';
import { onTerminal } from './support/terminal.ts';

const folders = ['--local', 'one', '--local', 'two', '--local', 'three'];

/** Content in one folder of copies, and nothing pinned. */
async function published(box: Sandbox): Promise<void> {
  await initialized(box);
  const manifest = await signedTides(box);
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Add tides');
  await expectOk(box, ['publish', 'data', '--manifest', manifest, '--local', 'one']);
}

describe('holdfast status --watch', () => {
  it('ends by itself once all copies are there, and prints what changed until then', async () => {
    await using box = await sandbox();
    await published(box);
    const watching = box.run(['status', ...folders, '--until-satisfied', '--every', '300ms']);
    await expectOk(box, ['pin', ...folders]);
    const { code, stdout } = await watching;
    expect(code).toBe(0);
    expect(stdout).toContain('1 dataset: 1 healthy, 0 degraded, 0 without a copy');
    expect(stdout.match(/^\d{4}-\d\d-\d\dT/gm)?.length ?? 0).toBeLessThan(4);
  });

  it('gives a line of JSON for each look, and the usual document at the end', async () => {
    await using box = await sandbox();
    await published(box);
    let pinning: Promise<unknown> | undefined;
    const watching = box.run(['status', ...folders, '--until-satisfied', '--every', '200ms', '--json'], {
      onStdout: () => {
        pinning ??= expectOk(box, ['pin', ...folders]);
      },
    });
    const { stdout } = await watching;
    await pinning;
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ verb: 'status', ok: true, result: { healthy: 1 } });
    expect(lines[0]).toMatchObject({ holdfast: 1, verb: 'status', event: 'look', exitCode: 1 });
  });

  it('draws the latest look over the one before on a terminal, and ends cleanly by Ctrl-C', async () => {
    await using box = await sandbox();
    await published(box);
    const { code, stdout } = await onTerminal(
      box,
      ['status', ...folders, '--watch', '--every', '200ms'],
      [
        { when: 'again every 200ms', type: '' },
        { when: 'again every 200ms', type: '\u0003' },
      ],
    );
    expect(code).toBe(130);
    expect(stdout.split('\u001b[2J').length).toBeGreaterThan(2);
    expect(stdout).toContain('stopped');
  });

  it('goes on while a target cannot be asked, and says so', async () => {
    await using box = await sandbox();
    await published(box);
    await expectOk(box, ['pin', ...folders]);
    let isAway = false;
    let isEnded = false;
    const { code, stderr } = await box.run(['status', ...folders, '--watch', '--every', '200ms'], {
      onStdout: () => {
        if (isAway) return;
        isAway = true;
        renameSync(box.path('.git'), box.path('.away'));
      },
      onStderr: (all, kill) => {
        if (isEnded || !all.includes('looking again')) return;
        // A second one would not wait for it to end.
        isEnded = true;
        kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('looking again in 0.2 s');
  });

  it('refuses a time that is none', async () => {
    await using box = await sandbox();
    await published(box);
    const { code, stderr } = await box.run(['status', '--local', 'one', '--watch', '--every', 'often']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--every expects a time')]);
  });
});

describe('holdfast availability --watch', () => {
  it('looks until Ctrl-C', async () => {
    await using box = await sandbox();
    await published(box);
    await using gateway = await gatewayOf(box.path('data'));
    const { code, stdout } = await onTerminal(
      box,
      ['availability', 'tides', '--watch', '--every', '200ms', '--gateway', gateway.url],
      [
        { when: 'again every 200ms', type: '' },
        { when: 'again every 200ms', type: '\u0003' },
      ],
    );
    expect(code).toBe(130);
    expect(stdout).toContain(gateway.url);
  });
});
