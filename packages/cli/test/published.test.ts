import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { gatewayOf } from './support/gateway.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, git, initialized, signedTides, unsignedTides } from './support/repository.ts';

const publish = 'holdfast publish FOLDER --manifest manifests/tides-v1.0.0.json';

/** A branch that adds tides, signed and committed, whose content is on no node. */
async function proposed(box: Sandbox): Promise<string> {
  await initialized(box);
  await git(box, 'switch', '-q', '-c', 'tides');
  const file = await signedTides(box);
  await git(box, 'add', file);
  await git(box, 'commit', '-q', '-m', 'Add tides');
  return file;
}

describe('forgetting holdfast publish', { tags: ['slow'] }, () => {
  it('create, sign and revise name it as what comes next', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write({ 'data/a.csv': 'a\n' });
    expect(await expectOk(box, createArgs())).toContain(
      'next: holdfast sign manifests/tides-v1.0.0.json\n      holdfast publish data --manifest manifests/tides-v1.0.0.json',
    );
    expect(await expectOk(box, ['sign', 'tides'])).toContain(
      `next, unless a node has the content: ${publish}`,
    );
    expect(await expectOk(box, ['revise', 'tides', '--tier', 'critical'])).toContain(`\n      ${publish}`);
    await expectOk(box, ['revise', 'tides', '--withdraw', 'wrong']);
    expect(await expectOk(box, ['sign', 'tides'])).not.toContain('publish');
  });

  it('check says so before the merge, asks the gateways, and passes', async () => {
    await using box = await sandbox();
    await proposed(box);
    const unasked = await box.run(['check']);
    expect(unasked).toMatchObject({ code: 0 });
    expect(unasked.stdout).toContain(
      'tides 1.0.0: nobody could be asked for its content; publish it before the merge',
    );
    expect(unasked.stdout).toContain(publish);
    await box.write({ 'other/a.csv': 'other\n' });
    await using without = await gatewayOf(box.path('other'));
    const lost = await box.run(['check'], { env: { GATEWAYS: without.url } });
    expect(lost).toMatchObject({ code: 0 });
    expect(lost.stdout).toContain('tides 1.0.0: the gateways could not serve it');
    await using has = await gatewayOf(box.path('data'));
    const found = await box.json(['check', '--gateway', has.url]);
    expect(found.document.result.changes).toMatchObject([{ name: 'tides', retrievable: true }]);
    expect((await box.run(['check', '--gateway', has.url])).stdout).not.toContain('publish');
  });

  it('check --retrievable true refuses it, and needs somebody to ask', async () => {
    await using box = await sandbox();
    const file = await proposed(box);
    await box.write({ 'other/a.csv': 'other\n' });
    await using without = await gatewayOf(box.path('other'));
    const lost = await box.json(['check', '--retrievable', 'true', '--gateway', without.url]);
    expect(lost.code).toBe(1);
    expect(lost.document.problems).toMatchObject([{ code: 'content/unavailable', file }]);
    const nobody = await box.run(['check', '--retrievable', 'true']);
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('needs somebody to ask') });
    const off = await box.run(['check', '--retrievable', 'false', '--gateway', without.url]);
    expect(off).toMatchObject({ code: 0, stdout: expect.not.stringContaining('publish') });
  });

  it('check asks the target too, and says what it could not ask', async () => {
    await using box = await sandbox();
    await proposed(box);
    const env = { HOLDFAST_LOCAL: box.path('copies') };
    expect((await box.run(['check'], { env })).stdout).toContain('copies could not serve it');
    await box.run(['publish', 'data', '--local', 'copies']);
    expect((await box.json(['check'], { env })).document.result.changes).toMatchObject([
      { retrievable: true },
    ]);
    // A hook that runs at each commit asks nobody.
    await signedTides(box, { name: 'waves' });
    await git(box, 'add', 'manifests');
    const down = { env: { CLUSTER_URL: 'http://127.0.0.1:1' } };
    expect(await box.run(['check', '--staged'], down)).toMatchObject({ code: 0, stderr: '' });
    await git(box, 'commit', '-q', '-m', 'Add waves');
    const asked = await box.run(['check'], down);
    expect(asked.code).toBe(0);
    expect(asked.stderr).toContain('could not be asked for new content');
  });

  it('pin says what to do where no peer found it', async () => {
    await using box = await sandbox();
    const file = await proposed(box);
    const { stdout, code } = await box.run([
      'pin',
      file,
      '--local',
      'one',
      '--local',
      'two',
      '--timeout',
      '1s',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'next, unless a node has the content: holdfast publish FOLDER --manifest tides@1.0.0',
    );
  });
});

describe('what a merge costs', { tags: ['slow'] }, () => {
  it('is one number in check and plan, and counts no file that is there already', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await unsignedTides(box, { tier: 'ephemeral' });
    await expectOk(box, ['sign', file]);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const local = ['--local', 'copies'];
    const size = 'time,metres\n'.length + 'version,1.0.0\n'.length;
    expect((await box.json(['plan', ...local])).document.result).toMatchObject({ adds: 1, bytes: size });
    await expectOk(box, ['publish', 'data', ...local]);
    await expectOk(box, ['pin', ...local]);
    await git(box, 'switch', '-q', '-c', 'next');
    await box.write({ 'data/1992.csv': 'only this is new\n' });
    await expectOk(box, ['create', 'data', '--name', 'tides', '--version', '1.1.0']);
    await expectOk(box, ['sign', 'tides@1.1.0']);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add 1.1.0');
    expect(await expectOk(box, ['check'])).toContain('the merge will pin 17 B over all copies');
    expect((await box.json(['plan', ...local])).document.result).toMatchObject({ adds: 1, bytes: 17 });
  });
});

describe('a trial without a cluster', { tags: ['slow'] }, () => {
  it('is read back with fetch --local, some files or all', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await unsignedTides(box, { tier: 'ephemeral' });
    await expectOk(box, ['sign', file]);
    await expectOk(box, ['publish', 'data', '--manifest', file, '--local', '../copies']);
    await expectOk(box, ['pin', file, '--local', '../copies']);
    await expectOk(box, ['fetch', 'tides', '--local', '../copies', '-o', 'back', '--file', 'deep/**']);
    await expectOk(box, ['fetch', 'tides', '--local', '../copies', '-o', 'back']);
    for (const name of ['1990.csv', 'deep/1991.csv'])
      expect(await readFile(box.path('back', name))).toEqual(await readFile(box.path('data', name)));
  });

  it('works wherever one stands: without git, and without a remote', async () => {
    await using box = await sandbox();
    await expectOk(box, ['keygen', 'alice']);
    const file = await unsignedTides(box, { tier: 'ephemeral' });
    await expectOk(box, ['sign', file]);
    await expectOk(box, ['publish', 'data', '--local', 'copies']);
    const { document, code } = await box.json(['pin', file, '--local', 'copies']);
    expect({ code, owner: document.result.owner }).toEqual({ code: 0, owner: 'localhost/local/work' });
    await git(box, 'init', '-q', '.');
    expect(
      await box.run(['status', '../work/manifests/tides-v1.0.0.json', '--local', 'copies']),
    ).toMatchObject({ code: 0 });
    // Others share a cluster: there the owner has to be said.
    const shared = await box.run(['pin', file, '--cluster-url', 'http://127.0.0.1:1']);
    expect(shared).toMatchObject({ code: 2, stderr: expect.stringContaining('no owner') });
  });

  it('says where the content is not, and that folders are read alone', async () => {
    await using box = await sandbox();
    await initialized(box);
    await signedTides(box);
    const nowhere = await box.run(['fetch', 'tides', '--local', 'nowhere']);
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no file or folder nowhere'),
    });
    await box.write({ 'copies/blocks/.keep': '' });
    const lost = await box.run(['fetch', 'tides', '--local', 'copies']);
    expect(lost.code).toBe(3);
    expect(lost.stderr).toContain('folder');
    expect(lost.stderr).toContain('has no block');
    const both = ['fetch', 'tides', '--local', 'copies', '--gateway', 'http://127.0.0.1:1'];
    expect((await box.run(both)).code).toBe(2);
  });
});
