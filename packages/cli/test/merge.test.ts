import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { binary, execute, type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, unsignedTides } from './support/repository.ts';

const file = 'manifests/tides-v1.0.0.json';

/** The unsigned tides on main with the keys of alice and bob, and a branch of each with their signature. */
async function signedApart(box: Sandbox): Promise<void> {
  await git(box, 'init', '-q', '.');
  await expectOk(box, ['init', '--signer', 'alice', '--no-policy']);
  await expectOk(box, ['keygen', 'bob']);
  await unsignedTides(box);
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Set up Holdfast, and add tides');
  for (const name of ['alice', 'bob']) {
    await git(box, 'switch', '-q', '-c', name, 'main');
    await expectOk(box, ['sign', file, '--key', name]);
    await git(box, 'commit', '-q', '-m', `Sign as ${name}`, file);
  }
}

/** Git where `holdfast` is a program on PATH, or is not. Gives the exit code instead of an error. */
async function gitWith(box: Sandbox, holdfast: boolean, ...args: string[]) {
  const bin = box.path('..', 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(process.execPath, `${bin}/node`).catch(() => undefined);
  await box.write({ '../bin/holdfast': `#!/bin/sh\nexec '${process.execPath}' '${binary}' "$@"\n` });
  await chmod(`${bin}/holdfast`, holdfast ? 0o755 : 0o644);
  const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.org'];
  return execute('git', [...identity, ...args], box.folder, {
    HOME: box.home,
    PATH: `${bin}:/usr/bin:/bin`,
  });
}

async function signersOf(box: Sandbox): Promise<readonly string[]> {
  const { document } = await box.json(['verify', file]);
  return document.result.manifests[0].signedBy.toSorted();
}

describe('two branches that signed the same dataset', { tags: ['slow'] }, () => {
  it('merge by themselves in a clone that init set up', async () => {
    await using box = await sandbox();
    await signedApart(box);
    const merged = await gitWith(box, true, 'merge', '-q', '-m', 'Merge alice', 'alice');
    expect(merged).toMatchObject({ code: 0 });
    expect(await signersOf(box)).toEqual(['alice', 'bob']);
    expect(await git(box, 'status', '--porcelain')).toBe('');
  });

  it('conflict as ever where holdfast is not installed, and holdfast merge FILE unites them', async () => {
    await using box = await sandbox();
    await signedApart(box);
    const merged = await gitWith(box, false, 'merge', '-q', '-m', 'Merge alice', 'alice');
    expect(merged.code).toBe(1);
    expect(await readFile(box.path(file), 'utf8')).toContain('<<<<<<<');
    const broken = await box.run(['verify', file]);
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('holdfast merge FILE') });
    const { code, stdout } = await box.run(['merge', file]);
    expect(code).toBe(0);
    expect(stdout).toContain(`2 signatures, 1 from the other side\nnext: git add ${file}`);
    expect(await signersOf(box)).toEqual(['alice', 'bob']);
  });

  it('are united from the markers alone where the conflict was committed, with CRLF too', async () => {
    await using box = await sandbox();
    await signedApart(box);
    await gitWith(box, false, 'merge', '-q', 'alice');
    const marked = await readFile(box.path(file), 'utf8');
    await git(box, 'merge', '--abort');
    for (const text of [marked, marked.replaceAll('\n', '\r\n')]) {
      await box.write({ [file]: text });
      expect(await box.run(['merge', file])).toMatchObject({ code: 0 });
      expect(await signersOf(box)).toEqual(['alice', 'bob']);
    }
  });

  it('check says that they conflict on GitHub, which runs no driver', async () => {
    await using box = await sandbox();
    await signedApart(box);
    await git(box, 'switch', '-q', 'main');
    await git(box, 'merge', '-q', '--ff-only', 'alice');
    await git(box, 'switch', '-q', 'bob');
    const { stderr } = await box.run(['check']);
    expect(stderr).toContain('this conflicts with main');
    expect(stderr).toContain('git merge main');
  });
});

/** A manifest with signatures as they are given, in a file of its own. */
async function variant(box: Sandbox, name: string, signatures: readonly unknown[], patch: object = {}) {
  const manifest = JSON.parse(await readFile(box.path(file), 'utf8'));
  const dataset = { ...manifest.dataset, ...patch };
  await box.write({ [name]: JSON.stringify({ ...manifest, dataset, signatures }) });
  return name;
}

const merged = async (box: Sandbox, name = 'ours.json') =>
  JSON.parse(await readFile(box.path(name), 'utf8')).signatures as { keyid: string; signature: string }[];

/** The dataset with the signatures of alice and bob at hand. */
async function withSignatures(box: Sandbox) {
  await unsignedTides(box);
  const signatures: { keyid: string; signature: string }[] = [];
  for (const name of ['alice', 'bob']) {
    await expectOk(box, ['keygen', name]);
    await expectOk(box, ['sign', file, '--key', name]);
    const manifest = JSON.parse(await readFile(box.path(file), 'utf8'));
    signatures.push(manifest.signatures.at(-1));
  }
  const [alice, bob] = signatures;
  if (!alice || !bob) throw new Error('two signatures expected');
  await box.write({ base: '' });
  return { alice, bob };
}

describe('holdfast merge BASE OURS THEIRS', () => {
  it('leaves out a forged signature, and takes the true one of two by the same key', async () => {
    await using box = await sandbox();
    const { alice, bob } = await withSignatures(box);
    const forged = { ...alice, signature: bob.signature };
    await variant(box, 'ours.json', [forged]);
    await variant(box, 'theirs.json', [alice, { ...bob, signature: alice.signature }]);
    const { code, document } = await box.json(['merge', 'base', 'ours.json', 'theirs.json']);
    expect(code).toBe(0);
    expect(document.result.leftOut).toEqual([{ keyid: bob.keyid, reason: 'false' }]);
    expect(await merged(box)).toEqual([alice]);
  });

  it('keeps away what one side took away', async () => {
    await using box = await sandbox();
    const { alice, bob } = await withSignatures(box);
    await variant(box, 'base', [alice]);
    await variant(box, 'ours.json', [alice]);
    await variant(box, 'theirs.json', [bob]);
    expect(await box.run(['merge', 'base', 'ours.json', 'theirs.json'])).toMatchObject({ code: 0 });
    expect(await merged(box)).toEqual([bob]);
    // A base that signs something else says nothing about these signatures.
    await variant(box, 'base', [alice], { tier: 'critical' });
    await variant(box, 'ours.json', [alice]);
    expect(await box.run(['merge', 'base', 'ours.json', 'theirs.json'])).toMatchObject({ code: 0 });
    expect(await merged(box)).toEqual([alice, bob]);
  });

  it('takes 16 signatures: those by unknown keys do not crowd out the others', async () => {
    await using box = await sandbox();
    const { alice, bob } = await withSignatures(box);
    const strangers = Array.from({ length: 15 }, (_, i) => ({
      ...alice,
      keyid: `SHA256:${String(i).padStart(43, 'A')}`,
    }));
    await variant(box, 'ours.json', [...strangers, alice]);
    await variant(box, 'theirs.json', [...strangers.slice(0, 3), bob]);
    const { document, code } = await box.json(['merge', 'base', 'ours.json', 'theirs.json']);
    expect(code).toBe(0);
    expect(document.result.leftOut).toEqual([{ keyid: strangers[14]?.keyid, reason: 'too-many' }]);
    const keyids = (await merged(box)).map(({ keyid }) => keyid);
    expect(keyids).toHaveLength(16);
    expect(keyids).toEqual(expect.arrayContaining([alice.keyid, bob.keyid]));
  });

  it('refuses two datasets, says what differs, and leaves the file as it was', async () => {
    await using box = await sandbox();
    const { alice, bob } = await withSignatures(box);
    await variant(box, 'ours.json', [alice]);
    const before = await readFile(box.path('ours.json'), 'utf8');
    await variant(box, 'theirs.json', [bob], { tier: 'critical', description: 'Another' });
    const { code, stderr, document } = await box.json([
      ...['merge', 'base', 'ours.json', 'theirs.json', '--path', file],
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(document.result.differs.toSorted()).toEqual(['description', 'tier']);
    expect(document.problems).toMatchObject([{ code: 'merge/not-equal', file }]);
    expect(await readFile(box.path('ours.json'), 'utf8')).toBe(before);
  });

  it.each([
    ['a key that stands twice', (text: string) => text.replace('"tier":', '"tier":"critical","tier":')],
    ['half a file', (text: string) => text.slice(0, 300)],
    [
      'a signature that stands twice',
      (text: string) => text.replace(/"signatures":\[(.*)\]/, '"signatures":[$1,$1]'),
    ],
    ['nothing', () => ''],
  ])('refuses a side with %s', async (_, spoil) => {
    await using box = await sandbox();
    const { alice } = await withSignatures(box);
    await variant(box, 'ours.json', [alice]);
    await variant(box, 'theirs.json', [alice]);
    const before = await readFile(box.path('ours.json'), 'utf8');
    await box.write({ 'theirs.json': spoil(before) });
    const { code, stderr } = await box.run(['merge', 'base', 'ours.json', 'theirs.json']);
    expect(code).toBe(1);
    expect(stderr).toContain('(theirs)');
    expect(await readFile(box.path('ours.json'), 'utf8')).toBe(before);
  });

  it('says what it takes', async () => {
    await using box = await sandbox();
    await unsignedTides(box);
    expect((await box.run(['merge'])).stderr).toContain('merge expects FILE, or BASE OURS THEIRS');
    expect((await box.run(['merge', 'a', 'b'])).stderr).toContain('got 2 files');
    expect((await box.run(['merge', file])).stderr).toContain(`${file} has no conflict`);
    expect((await box.run(['merge', '--set-up', file])).code).toBe(2);
  });
});

describe('holdfast init', () => {
  it('adds to .gitattributes what is missing there, once', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '.');
    await box.write({ '.gitattributes': '*.car binary' });
    await expectOk(box, ['init', '--signer', 'alice']);
    const text = await readFile(box.path('.gitattributes'), 'utf8');
    expect(text).toBe(
      '*.car binary\n/manifests/**/*.json merge=holdfast\n/public-keys/policy.json merge=holdfast\n',
    );
    await expectOk(box, ['init']);
    expect(await readFile(box.path('.gitattributes'), 'utf8')).toBe(text);
    expect(await git(box, 'config', 'merge.holdfast.driver')).toContain('holdfast merge %O %A %B');
  });

  it('--signer beside keys that are there says that it adds none, and what does', async () => {
    await using box = await sandbox();
    await initialized(box);
    const other = await box.run(['init', '--signer', 'bob']);
    expect(other).toMatchObject({ code: 0, stdout: expect.stringContaining('kept  public-keys/alice.pub') });
    expect(other.stderr).toContain('public-keys has keys already, so --signer adds none for bob');
    expect(other.stderr).toContain('holdfast keygen bob');
    expect((await box.run(['init', '--signer', 'alice'])).stderr).toContain(
      'public-keys/alice.pub is there already',
    );
  });
});
