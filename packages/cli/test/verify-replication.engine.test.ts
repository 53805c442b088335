import { startKubo } from '@holdfast/testkit';
import { describe, expect, it, vi } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

describe('verify-replication', { timeout: 180_000 }, () => {
  it('tells what is pinned and can be found from what is pinned and cannot', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    await using kubo = await startKubo({ nodes: 5, routing: 'dht' });
    const urls = kubo.urls.slice(0, 3);
    const target = urls.flatMap((url) => ['--kubo-url', url]);
    const router = ['--router', kubo.nodes[4]?.gateway ?? ''];
    const before = await box.json(['verify-replication', ...target, ...router]);
    expect(before.document).toMatchObject({
      exitCode: 1,
      result: { datasets: [{ name: 'tides@1.0.0', verdict: 'not pinned', pinned: 0 }] },
    });
    await expectOk(box, ['publish', 'data', '--kubo-url', urls[0] ?? '']);
    await expectOk(box, ['pin', ...target, '--wait', 'max']);
    await vi.waitFor(
      async () => {
        const { document } = await box.json(['verify-replication', ...target, ...router]);
        expect(document).toMatchObject({
          exitCode: 0,
          result: { datasets: [{ verdict: 'findable', pinned: 3, findable: 3, others: 0 }] },
        });
      },
      { timeout: 60_000, interval: 2_000 },
    );
    const said = await box.run(['verify-replication', file, ...target, ...router]);
    expect(said.stdout).toContain('✓ tides@1.0.0: pinned on 3, findable on 3');

    // Gateways have to serve it too.
    const gateways = kubo.nodes.slice(0, 2).flatMap(({ gateway }) => ['--gateway', gateway]);
    const served = await box.run([
      'verify-replication',
      file,
      ...target,
      ...router,
      ...gateways,
      '--p95',
      '10s',
    ]);
    expect(served.code, served.stdout).toBe(0);
    expect(served.stdout.match(/✓ the same root and \d+ blocks through 127/g)).toHaveLength(2);
    const unserved = await box.json([
      'verify-replication',
      file,
      ...target,
      ...router,
      '--gateway',
      'http://127.0.0.1:1',
    ]);
    expect(unserved.document).toMatchObject({
      exitCode: 1,
      result: {
        datasets: [
          { verdict: 'findable', served: [{ gateway: 'http://127.0.0.1:1', target: null, ok: false }] },
        ],
      },
    });

    // A node that announces nothing, asked about by a router that knows others.
    await using lonely = await startKubo();
    const url = lonely.urls[0] ?? '';
    await box.write({ 'other/a.txt': 'nobody knows' });
    const cid = (await expectOk(box, ['cid', 'other', '--quiet'])).trim();
    await expectOk(box, ['publish', 'other', '--keep', '--kubo-url', url]);
    const hidden = await box.run(['verify-replication', cid, '--kubo-url', url, ...router]);
    expect(hidden.code).toBe(1);
    expect(hidden.stdout).toContain('pinned on 1, findable on 0');
    expect(hidden.stdout).toContain('has it, and no router knows that');

    const blind = await box.json([
      'verify-replication',
      cid,
      '--kubo-url',
      url,
      '--router',
      'http://127.0.0.1:1',
    ]);
    expect(blind.document).toMatchObject({
      exitCode: 1,
      result: {
        datasets: [{ verdict: 'not known', findable: null, faults: [{ router: 'http://127.0.0.1:1' }] }],
      },
    });
  });
});
