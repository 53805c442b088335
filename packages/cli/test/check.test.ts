// @module-tag slow

import { chmod, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { defaultBranch } from '../src/repository/work-tree.ts';
import { version } from '../src/version.ts';
import { binary, execute, sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, git, initialized, signedTides, unsignedTides } from './support/repository.ts';

const repositoryRoot = new URL('../../../', import.meta.url);

describe('holdfast init', () => {
  it('writes the workflows of this very repository, with the actions at this release', async () => {
    await using box = await sandbox();
    await initialized(box);
    for (const name of ['validate-manifests', 'pin-on-merge', 'heal']) {
      const path = `.github/workflows/${name}.yml`;
      const committed = await readFile(new URL(path, repositoryRoot), 'utf8');
      const expected = committed.replaceAll('uses: ./actions/', 'uses: holdfast-data/holdfast/actions/');
      const written = await readFile(box.path(path), 'utf8');
      expect(written.replaceAll(`@v${version}`, '')).toBe(expected);
    }
  });

  it('takes the key that the signer has from another repository, password and all', {
    tags: ['slow'],
  }, async () => {
    await using box = await sandbox();
    const env = { HOLDFAST_PASSWORD: 'correct horse' };
    await box.run(['keygen', 'alice', '--password', '-o', 'elsewhere'], { env });
    const { document } = await box.json(['keygen', 'bob', '--password'], { env });
    await rm(box.path('public-keys'), { recursive: true });
    await git(box, 'init', '-q', '.');
    expect((await box.run(['init', '--signer', 'bob'])).stderr).toContain('HOLDFAST_PASSWORD');
    const { keyid, privateKey } = document.result;
    expect((await box.json(['init', '--signer', 'bob'], { env })).document.result.key).toEqual({
      signer: 'bob',
      keyid,
      privateKey,
    });
    const file = await unsignedTides(box);
    expect((await box.run(['sign', file], { env })).stdout).toContain('as bob');
    await expectOk(box, ['verify', file]);
  });

  it('can be run again and keeps what is there', async () => {
    await using box = await sandbox();
    await initialized(box);
    await writeFile(box.path('public-keys/policy.json'), 'mine');
    const { document } = await box.json(['init']);
    expect(document.result).toMatchObject({ wrote: [], key: null });
    expect(await readFile(box.path('public-keys/policy.json'), 'utf8')).toBe('mine');
  });

  it('follows the name of the default branch', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '-b', 'trunk', '.');
    await expectOk(box, ['init', '--signer', 'alice']);
    expect(await readFile(box.path('.github/workflows/pin-on-merge.yml'), 'utf8')).toContain(
      'branches: [trunk]',
    );
  });

  it.each([
    ['main where it is there', ['switch', '-q', '-c', 'set-up'], 'main'],
    [
      'the branch that the remote names',
      ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/dev'],
      'dev',
    ],
  ])('on a branch of its own pins the pushes to %s', async (_, step, branch) => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '.');
    await git(box, 'commit', '-q', '--allow-empty', '-m', 'First');
    await git(box, ...step);
    await expectOk(box, ['init', '--signer', 'alice']);
    const workflow = await readFile(box.path('.github/workflows/pin-on-merge.yml'), 'utf8');
    expect(workflow).toContain(`branches: [${branch}]`);
  });

  it('in a linked work tree finds the branches of the repository', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '-b', 'master', '.');
    await git(box, 'commit', '-q', '--allow-empty', '-m', 'First');
    await git(box, 'pack-refs', '--all');
    await git(box, 'worktree', 'add', '-q', 'linked');
    expect(await defaultBranch(box.path('linked'))).toBe('master');
  });

  it('--hook lets git check what is staged at each commit, and leaves a hook that is there', async () => {
    await using box = await sandbox();
    await initialized(box);
    const hook = box.path('.git/hooks/pre-commit');
    await expectOk(box, ['init', '--hook']);
    expect((await box.json(['init', '--hook'])).document.result.hook).toEqual({ file: hook, state: 'there' });
    const file = await unsignedTides(box);
    await git(box, 'add', file);
    // As on a machine where holdfast is on PATH.
    await box.write({ 'bin/holdfast': `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n` });
    await chmod(box.path('bin/holdfast'), 0o755);
    const path = `${box.path('bin')}:${process.env.PATH}`;
    const commit = () =>
      execute(
        'git',
        ['-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qm', 'Add'],
        box.folder,
        {
          HOME: box.home,
          PATH: path,
        },
      );
    expect(await commit()).toMatchObject({ code: 1, stderr: expect.stringContaining('not-enough-signers') });
    await expectOk(box, ['sign', file]);
    await git(box, 'add', file);
    expect(await commit()).toMatchObject({ code: 0 });

    await writeFile(hook, '#!/bin/sh\nmy-own-check\n');
    const { stderr } = await box.run(['init', '--hook']);
    expect(stderr).toContain('.git/hooks/pre-commit is a hook of yours, and is left as it is');
    expect(stderr).toContain('help: add this line to it: holdfast check --staged');
    expect(await readFile(hook, 'utf8')).toContain('my-own-check');
  });

  it('--hook goes where core.hooksPath says', async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'config', 'core.hooksPath', '.githooks');
    const { document } = await box.json(['init', '--hook']);
    expect(document.result.hook).toEqual({ file: box.path('.githooks/pre-commit'), state: 'written' });
    expect((await stat(box.path('.githooks/pre-commit'))).mode & 0o777).toBe(0o755);
  });

  it('outside of a repository, and without a name, says what to do', async () => {
    await using box = await sandbox();
    expect(await box.run(['init'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('create one with git init'),
    });
    await git(box, 'init', '-q', '.');
    expect(await box.run(['init'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--signer is missing'),
    });
  });
});

describe('holdfast check', () => {
  it('passes what is signed and committed, and fails what is not', async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'switch', '-q', '-c', 'tides');
    const file = await signedTides(box);
    await git(box, 'add', file);
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const { code, document } = await box.json(['check']);
    expect(code).toBe(0);
    expect(document.result).toMatchObject({
      baseName: 'main',
      uncommitted: [],
      changes: [{ kind: 'add', name: 'tides', ok: true, signedBy: ['alice'] }],
    });
    await expectOk(box, ['revise', file, '--tier', 'critical']);
    await git(box, 'commit', '-q', '-a', '-m', 'Ask for more');
    const failed = await box.run(['check']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /manifests\/tides-v1\.0\.0\.json:\d+:\d+ error trust\/not-enough-signers\n.*\n +\d+ \| {3}"signatures": \[/,
    );
  });

  it('says of a dirty tree what was not looked at, and how to commit it', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'switch', '-q', '-c', 'tides');
    const file = await signedTides(box);
    const { stderr } = await box.run(['check']);
    expect(stderr).toContain(`ignored (not committed): ${file}`);
    expect(stderr).toContain(`git add ${file} && git commit`);
    expect((await box.json(['check'])).document.result.uncommitted).toEqual([file]);
    const many = Array.from({ length: 20 }, (_, i) => [`manifests/${i}.json`, '{}']);
    await box.write(Object.fromEntries(many));
    const told = (await box.run(['check'])).stderr;
    expect(told).toContain(' and 11 more\n');
    expect(told).toContain('git add manifests public-keys && git commit');
  });

  it('judges by the keys of the base, not by those that the branch brings', async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'switch', '-q', '-c', 'mallory');
    await expectOk(box, ['keygen', 'mallory', '-o', 'public-keys']);
    const file = await unsignedTides(box, { name: 'evil' });
    await expectOk(box, ['sign', file, '--key', 'public-keys/mallory.key']);
    await git(box, 'add', 'public-keys/mallory.pub', 'manifests');
    await git(box, 'commit', '-q', '-m', 'Trust me');
    const { code, document } = await box.json(['check']);
    expect(code).toBe(1);
    const codes = document.problems.map((problem) => problem.code);
    expect(codes).toContain('change/keys-and-manifests');
    expect(codes).toContain('trust/unknown-key');
  });

  it.each([
    ['outside of a repository', [], 'not in a git repository'],
    ['in one without a commit', ['init'], 'commit first'],
  ])('%s says what to do', async (_, setUp, message) => {
    await using box = await sandbox();
    for (const command of setUp) await git(box, command, '-q', '.');
    expect(await box.run(['check'])).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('of a fresh branch without a remote has nothing against it', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await git(box, 'add', file);
    await git(box, 'commit', '-q', '-m', 'Add tides');
    await expectOk(box, ['revise', file, '--tier', 'important']);
    await expectOk(box, ['sign', file]);
    await git(box, 'commit', '-q', '-am', 'Revise tides');
    const onMain = await box.json(['check']);
    expect(onMain.document).toMatchObject({
      exitCode: 0,
      result: { baseName: 'main', changes: [{ ok: true }] },
    });
    await git(box, 'switch', '-q', '-c', 'fresh');
    const fresh = await box.json(['check']);
    expect(fresh.document).toMatchObject({ exitCode: 0, result: { baseName: 'main', changes: [] } });
    await git(box, 'switch', '-q', '--detach');
    expect((await box.json(['check'])).document).toMatchObject({ exitCode: 0, result: { changes: [] } });
  });

  it('on the only branch, whatever its name, judges what is there', async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'branch', '-q', '-m', 'trunk');
    await git(box, 'add', await unsignedTides(box));
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const { document } = await box.json(['check']);
    expect(document).toMatchObject({ exitCode: 1, result: { baseName: 'trunk' } });
    expect(document.problems.map(({ code }) => code)).toContain('trust/not-enough-signers');
  });

  it('asks for the base rather than guess among several branches', async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'branch', '-q', '-m', 'trunk');
    await git(box, 'branch', 'stable');
    await git(box, 'switch', '-q', '-c', 'mine');
    expect(await box.run(['check'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--base trunk'),
    });
    expect((await box.run(['check', '--base', 'trunk'])).code).toBe(0);
  });

  it('judges by the keys of the base as it is now, and says when the merge will not work', async () => {
    await using box = await sandbox();
    await initialized(box);
    await expectOk(box, ['keygen', 'bob']);
    await rm(box.path('public-keys/policy.json'));
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add bob');
    await git(box, 'switch', '-q', '-c', 'tides');
    const file = await unsignedTides(box);
    await expectOk(box, ['sign', file, '--key', 'bob']);
    await git(box, 'add', file);
    await git(box, 'commit', '-q', '-m', 'Add tides');
    expect((await box.json(['check'])).document.exitCode).toBe(0);
    await git(box, 'switch', '-q', 'main');
    await git(box, 'rm', '-q', 'public-keys/bob.pub');
    await git(box, 'commit', '-q', '-m', 'Remove bob');
    await git(box, 'switch', '-q', 'tides');
    const gone = (await box.json(['check'])).document;
    expect(gone.problems.map(({ code }) => code)).toContain('trust/unknown-key');
    expect(gone.result.changes).toHaveLength(1);
    await git(box, 'switch', '-q', 'main');
    await box.write({ [file]: '{}' });
    await git(box, 'add', file);
    await git(box, 'commit', '-q', '-m', 'Something else');
    await git(box, 'switch', '-q', 'tides');
    expect((await box.run(['check'])).stderr).toContain('this conflicts with main');
  });

  it('--staged judges what git commit would commit, and not the work tree', async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'switch', '-q', '-c', 'tides');
    const file = await unsignedTides(box);
    await git(box, 'add', file);
    await expectOk(box, ['sign', file]);
    expect((await box.json(['check', '--staged'])).document.exitCode).toBe(1);
    expect((await box.json(['check'])).document).toMatchObject({ exitCode: 0, result: { changes: [] } });
    await git(box, 'add', file);
    expect((await box.json(['check', '--staged'])).document).toMatchObject({
      exitCode: 0,
      result: { staged: true, uncommitted: [], changes: [{ kind: 'add' }] },
    });
    expect(await git(box, 'status', '--short', 'manifests')).toBe(`A  ${file}`);
  });

  it('names a base that is not there', async () => {
    await using box = await sandbox();
    await initialized(box);
    expect(await box.run(['check', '--base', 'origin/mian'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no commit origin/mian'),
    });
  });
});

describe('holdfast verify', () => {
  it('reads content from a folder, and says which file differs', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await expectOk(box, ['verify', file, '--content', 'data']);
    await box.write({ 'data/1990.csv': 'changed\n', 'data/new.csv': 'new\n' });
    const { code, stderr } = await box.run(['verify', file, '--content', 'data']);
    expect(code).toBe(1);
    expect(stderr).toContain('"1990.csv" in "data" expected SHA-256');
    expect(stderr).toContain('"new.csv" is in "data" but not in the manifest');
  });

  it('of a wrong folder says so in a line, and still that the manifest is valid', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    const others = Array.from({ length: 500 }, (_, i) => [`other/${i}.csv`, `${i}\n`]);
    await box.write(Object.fromEntries(others));
    const { code, stdout, stderr } = await box.run(['verify', file, '--content', 'other']);
    expect(code).toBe(1);
    expect(stdout).toContain('✓ tides 1.0.0 is valid: signed by alice');
    expect(stdout).toContain('✗ content differs in "other"');
    expect(stderr).toContain('"other" is not the folder of tides 1.0.0: none of the 2 listed files is there');
    expect(`${stdout}${stderr}`.split('\n').length).toBeLessThan(15);
  });

  it('names the first twenty differences and counts the rest', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    const others = Array.from({ length: 50 }, (_, i) => [`data/more/${i}.csv`, `${i}\n`]);
    await box.write(Object.fromEntries(others));
    const { document } = await box.json(['verify', file, '--content', 'data']);
    expect(document.problems).toHaveLength(21);
    expect(document.problems.at(-1)?.message).toBe('30 more differences in "data"');
    expect(document.result.manifests[0]).toMatchObject({ ok: true, contentOk: false });
  });

  it('agrees with create about symbolic links', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a.csv': 'a\n', 'elsewhere/b.csv': 'b\n' });
    await symlink('../elsewhere/b.csv', box.path('data/b.csv'));
    for (const symlinks of ['skip', 'follow']) {
      const version = symlinks === 'skip' ? '1.0.0' : '2.0.0';
      await expectOk(box, [...createArgs({ version }), '--symlinks', symlinks]);
      const file = `manifests/tides-v${version}.json`;
      const args = ['verify', file, '--unsigned', '--content', 'data'];
      await expectOk(box, [...args, '--symlinks', symlinks]);
      expect(await box.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('--symlinks') });
    }
  });

  it('sees a root that is not what the list makes', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    const text = await readFile(box.path(file), 'utf8');
    const other = 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354';
    await writeFile(box.path(file), text.replace(/"cid": "bafybei[a-z2-7]+"/, `"cid": "${other}"`));
    const { code, document } = await box.json(['verify', file]);
    expect(code).toBe(1);
    expect(document.problems.map((problem) => problem.code)).toEqual(
      expect.arrayContaining(['proof/wrong-root', 'signature/invalid']),
    );
  });

  it('without keys says how to make one', async () => {
    await using box = await sandbox();
    expect(await box.run(['verify', await unsignedTides(box)])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holdfast keygen'),
    });
  });

  it('names the file it cannot find, and the nearest that is there', async () => {
    await using box = await sandbox();
    await initialized(box);
    await signedTides(box);
    expect(await box.run(['verify', 'manifest/tides-v1.0.0.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean manifests/tides-v1.0.0.json?'),
    });
    expect(await box.run(['verify', 'manifests'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a folder, expected a file'),
    });
  });
});

describe('holdfast audit', { tags: ['slow'] }, () => {
  it('lists what would fall without a key', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const asIs = await box.json(['audit']);
    expect(asIs.document).toMatchObject({ exitCode: 0, result: { checked: 1, fallen: [], keys: [] } });
    const without = await box.json(['audit', '--key', 'public-keys/alice.pub']);
    expect(without.document).toMatchObject({
      exitCode: 1,
      result: {
        checked: 1,
        fallen: [{ file, title: 'tides 1.0.0' }],
        keys: [expect.stringMatching(/^SHA256:/)],
      },
    });
    expect((await box.json(['audit', '--key', 'alice'])).document.result).toEqual(without.document.result);
  });

  it('says in the words of the check what a change of keys means', async () => {
    await using box = await sandbox();
    await initialized(box);
    await signedTides(box);
    await rm(box.path('public-keys/policy.json'), { force: true });
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const fallen = /tides 1\.0\.0 no longer has the signatures it needs: needs 1 of alice; has none/;
    const audit = await box.run(['audit', '--key', 'alice']);
    expect(audit.stdout).toMatch(fallen);
    expect(audit.stdout).toContain('nobody can sign for tides any more');
    await expectOk(box, ['keygen', 'mallory']);
    await rename(box.path('public-keys/mallory.pub'), box.path('public-keys/alice.pub'));
    await git(box, 'checkout', '-q', '-b', 'change');
    await git(box, 'commit', '-q', '-a', '-m', 'Replace the key');
    const check = await box.run(['check', '--base', 'main']);
    expect(check.stdout).toMatch(fallen);
    expect(check.stdout).toMatch(/whoever has SHA256:\S+ now signs as alice/);
    const { trustChange } = (await box.json(['check', '--base', 'main'])).document.result;
    expect(trustChange.warnings.join('\n')).toMatch(fallen);
    expect(trustChange.warnings.join('\n')).toMatch(/whoever has SHA256:\S+ now signs as alice/);
  });

  it('does not call a key harmless that it does not know', async () => {
    await using box = await sandbox();
    await initialized(box);
    const keyid: string = (await box.json(['audit', '--key', 'alice'])).document.result.keys[0];
    const typo = keyid.replace(/.$/, keyid.endsWith('A') ? 'E' : 'A');
    await box.write({ 'empty.pub': '# nobody\n', 'text.pub': 'no key\n' });
    for (const [key, message] of [
      [typo, `did you mean ${keyid}?`],
      ['SHA256:abc', 'ssh-keygen -lf'],
      ['empty.pub', 'holds no key'],
      ['text.pub', 'expected an OpenSSH line'],
      ['alcie', 'there is no file alcie'],
    ] as const) {
      const { code, stderr } = await box.run(['audit', '--key', key]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    }
  });
});
