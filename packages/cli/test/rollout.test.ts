import { describe, expect, it } from 'vitest';
import { type Gateway, gatewayOf } from './support/gateway.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

const names = ['lab', 'eu', 'us'] as const;

async function writeTargets(box: Sandbox, gateway?: Gateway, rollout?: object): Promise<void> {
  const targets = names.map((name) => ({
    ...{ name, kind: 'local', folder: `copies/${name}`, region: `region-${name}` },
    ...(name === 'eu' && gateway && { gateways: [gateway.url] }),
  }));
  await box.write({ '.holdfast/targets.json': JSON.stringify({ targets, ...(rollout && { rollout }) }) });
}

async function prepared(box: Sandbox, rollout?: object): Promise<string> {
  await initialized(box);
  await writeTargets(box, undefined, rollout);
  const manifest = await signedTides(box, { tier: 'standard' });
  await expectOk(box, ['publish', 'data', '--manifest', manifest, '--target', 'lab']);
  return manifest;
}

const all = ['--target', 'all', '--owner', 'github.com/acme/tides'];

describe('holdfast rollout', { tags: ['slow'] }, () => {
  it('shows the phases, goes through them, and says where it stands', async () => {
    await using box = await sandbox();
    const manifest = await prepared(box);
    await using gateway = await gatewayOf(box.path('data'));
    const plan = await box.run(['rollout', 'plan', manifest, ...all]);
    expect(plan.stdout.split('\n')).toEqual([
      '  · region-lab  lab  1 copy in all by then, 0 now',
      '↳ · region-eu   eu   2 copies in all by then, 0 now',
      '↳ · region-us   us   3 copies in all by then, 0 now',
      '· tides@1.0.0 not begun',
      '0 datasets rolled out, 0 on their way, 1 not begun',
      '',
    ]);
    const paused = await box.json([
      'rollout',
      'start',
      manifest,
      ...all,
      '--canary',
      'us',
      '--until',
      'canary',
    ]);
    expect(paused.document).toMatchObject({
      exitCode: 0,
      result: {
        outcome: 'paused',
        phases: [
          { phase: 'canary', places: ['us'], state: 'done', passed: 1 },
          { phase: 'rest', places: ['lab', 'eu'], state: 'waiting' },
        ],
        datasets: [{ id: 'tides@1.0.0', phase: 'canary', copies: 1, regions: ['region-us'] }],
      },
    });
    const status = await box.run(['rollout', 'status', manifest, ...all, '--canary', 'us']);
    expect(status.stdout).toContain('  ✓ canary  us       1 of 1 copy');
    expect(status.stdout).toContain('0 datasets rolled out, 1 on its way, 0 not begun');
    const started = await box.run([
      'rollout',
      'start',
      manifest,
      ...all,
      '--canary',
      'us',
      '--gateway',
      gateway.url,
    ]);
    expect(started).toMatchObject({ code: 0 });
    expect(started.stdout).toMatch(
      /✓ tides@1\.0\.0 done: 2 to 3 copies: 3 copies of at least 2 in region-eu, region-lab, region-us/,
    );
    expect(started.stdout).toMatch(
      /the same root and \d blocks through 127\.0\.0\.1:\d+, 95 of 100 blocks within \d+ ms/,
    );
    expect(started.stdout).toContain('2 of 2 new copies shown');
    expect((await box.run(['status', manifest, ...all])).code).toBe(0);
    const again = await box.run(['rollout', 'start', manifest, ...all]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('it was rolled out before') });
  });

  it('takes back what a gateway of the second phase serves wrongly', async () => {
    await using box = await sandbox();
    const manifest = await prepared(box);
    await using gateway = await gatewayOf(box.path('data'));
    await writeTargets(box, gateway);
    gateway.tamper = (bytes) => bytes.map((byte) => byte ^ 1);
    const { code, stdout, stderr } = await box.run(['rollout', 'start', manifest, ...all]);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ tides@1.0.0 rolled-back: phase region-eu failed: 127.0.0.1:');
    expect(stdout).toContain('gave other bytes for');
    expect(stdout).toContain('taken back: nothing of it is asked for any more');
    expect(stdout).toContain('  ✓ region-lab  lab  1 through');
    expect(stdout).toContain('↳ ✗ region-eu   eu   1 taken back');
    expect(stderr).toContain('phase region-eu: 1 failed; what was asked for is given up');
    expect((await box.run(['status', manifest, ...all])).stdout).toContain('1 without a copy');
  });

  it('takes back what a gateway does not serve in time, or too slowly', async () => {
    await using box = await sandbox();
    const manifest = await prepared(box);
    await using gateway = await gatewayOf(box.path('manifests'));
    const start = (...args: string[]) => box.run(['rollout', 'start', manifest, ...all, ...args]);
    const missing = await start('--gateway', gateway.url, '--settle', '3s');
    expect(missing).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/phase region-lab failed: 127\.0\.0\.1:\d+: lacks baf/),
    });
    await using slow = await gatewayOf(box.path('data'));
    slow.before = () => new Promise((resolve) => setTimeout(resolve, 200));
    const late = await start('--gateway', slow.url, '--p95', '100ms');
    expect(late).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /phase region-lab failed: 95 of 100 blocks within \d+ ms, where 100 ms were asked for/,
      ),
    });
    expect(await start('--gateway', slow.url, '--p95', '5s')).toMatchObject({ code: 0 });
  });

  it('follows the rules of the targets file, and goes back', async () => {
    await using box = await sandbox();
    const phases = [{ name: 'first', places: ['eu'] }];
    const manifest = await prepared(box, { phases, until: 'first', prove: 'require' });
    const started = await box.json(['rollout', 'start', manifest, ...all]);
    expect(started.document).toMatchObject({ exitCode: 0, result: { outcome: 'paused' } });
    const gone = await box.run(['rollout', 'abort', 'tides@1.0.0', 'winds@1.0.0', ...all]);
    expect(gone).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('✓ tides@1.0.0 taken back: nothing of it is asked for any more'),
      stderr: expect.stringContaining('winds@1.0.0 is not on its way'),
    });
    expect(await box.run(['rollout', 'abort', ...all])).toMatchObject({
      code: 0,
      stdout: 'no rollout is under way\n',
    });
  });

  it.each([
    [['go'], 'rollout takes plan, start, status or abort, not "go"'],
    [
      ['plan', '--phase', 'first'],
      '--phase expects a name and places, or a share of the copies, got "first"',
    ],
    [['plan', '--phase', 'a=lab', '--phase', 'a=eu'], 'phases expected each name once, got "a" twice'],
    [['start', '--until', 'soon'], 'until expected one of region-lab, region-eu, region-us, got "soon"'],
    [['abort', 'tides'], 'rollout abort takes versions such as tides@2.0.0, not "tides"'],
  ])('says what is wrong with %j', async ([word = '', ...flags], message) => {
    await using box = await sandbox();
    const manifest = await prepared(box);
    const operands = word === 'abort' ? [] : [manifest];
    const { code, stderr } = await box.run(['rollout', word, ...operands, ...flags, ...all]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
