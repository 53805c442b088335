import { readdirSync, readFileSync } from 'node:fs';
import { blockDamages, blockFile, startCluster, type TestPeer } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

describe('prove, and heal by it', () => {
  it('finds what status does not, makes another copy, repairs, and says so', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`data/${i}.csv`, `${i},`.repeat(9000)])),
    );
    const file = await signedTides(box);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    await using cluster = await startCluster({ peers: 4 });
    const target = ['--cluster-url', cluster.urls[0] as string];
    const none = await box.run(['prove', ...target]);
    expect([none.code, none.stdout]).toEqual([1, expect.stringContaining('no peer says that it has a copy')]);
    await expectOk(box, ['publish', 'data', ...target]);
    await expectOk(box, ['pin', ...target, '--wait', 'max']);
    const well = await box.run(['prove', ...target]);
    expect(well.code).toBe(0);
    expect(well.stdout).toMatch(/✓ tides@1\.0\.0: 3 of 3 copies proved/);
    expect(well.stdout).toContain(
      'a copy that lost 5 % of its bytes would be found with 55.9 % (16 draws each)',
    );
    const before = await box.json(['status', ...target]);
    const [tides] = (before.document as Status).result.datasets;
    const sick = cluster.peers.find(
      (peer) =>
        peer !== cluster.peers[0] &&
        tides?.peers.some((copy) => copy.peer === peer.id && copy.state === 'pinned'),
    ) as TestPeer;
    const cid = tides?.cid ?? '';
    const refs = (await sick.kubo.rpc('refs', { arg: cid, recursive: true, unique: true }))
      .trim()
      .split('\n');
    const blocks = refs.map((line) => (JSON.parse(line) as { Ref: string }).Ref).slice(0, 12);
    for (const block of blocks) blockDamages.removed(blockFile(sick.kubo.repository, block));

    expect((await box.run(['status', ...target])).code).toBe(0);
    const shown = await box.run(['status', '--prove', ...target]);
    expect(shown.stdout).toContain(` refuted: lacks `);
    const found = await box.run(['prove', file, '--all', '--peer', sick.name, ...target]);
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/✗ tides@1\.0\.0: 0 of 1 copy proved/);
    expect(found.stdout).toMatch(/refuted: lacks bafkrei\w+, and 11 more/);
    expect(found.stdout).toContain('next: holdfast heal');

    const healed = await box.run(['heal', ...target, '--prove-blocks', '100']);
    expect(healed.code).toBe(0);
    expect(healed.stdout).toContain(`✓ ${sick.name} repaired: it fetched again what was missing`);
    const { document } = await box.json(['prove', cid, ...target]);
    expect(document).toMatchObject({
      exitCode: 0,
      result: { datasets: [{ cid, name: '', verdict: 'proved' }] },
    });
    // Whoever has the seed can check which places were drawn.
    const [first] = (document as Proved).result.datasets[0]?.proofs ?? [];
    expect(first).toMatchObject({
      draws: 16,
      lost: 0,
      seed: expect.stringMatching(/^[0-9a-f]{40} \d{4}-.*Z$/),
    });
  });

  it('reads the copies of folders from the disk', async () => {
    await using box = await sandbox();
    await initialized(box);
    // Nearly all of the bytes, so that no draw misses it.
    const text = 'time,metres\n'.repeat(1_000);
    await box.write({ 'data/a.csv': text });
    await signedTides(box);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const local = ['--local', 'one', '--local', 'two'];
    await expectOk(box, ['publish', 'data', ...local]);
    await expectOk(box, ['pin', ...local]);
    expect((await box.run(['prove', ...local])).stdout).toContain('2 of 2 copies proved');
    const names = readdirSync(box.path('two', 'blocks'), { recursive: true, encoding: 'utf8' });
    const block = names.find(
      (name) => name.length > 60 && readFileSync(box.path('two', 'blocks', name), 'utf8') === text,
    ) as string;
    await box.write({ [`two/blocks/${block}`]: 'other bytes' });
    expect((await box.run(['status', ...local])).code).toBe(0);
    const found = await box.run(['prove', ...local]);
    expect([found.code, found.stdout]).toEqual([1, expect.stringContaining('refuted: gave other bytes for')]);
    const healed = await box.run(['heal', ...local]);
    expect([healed.code, healed.stdout]).toEqual([0, expect.stringContaining('two repaired:')]);
    expect((await box.run(['prove', ...local])).code).toBe(0);
  });
});

interface Status {
  readonly result: {
    readonly datasets: readonly {
      readonly cid: string;
      readonly peers: readonly { readonly peer: string; readonly state: string }[];
    }[];
  };
}

interface Proved {
  readonly result: { readonly datasets: readonly { readonly proofs: readonly object[] }[] };
}
