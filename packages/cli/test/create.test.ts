import { readdir, readFile, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { binary, execute, sandbox } from './support/holdfast.ts';
import { createArgs, git, initialized } from './support/repository.ts';

const first = [
  'create',
  'data',
  '--name',
  'tides',
  '--version',
  '1.0.0',
  '--tier',
  'standard',
  '--description',
  'Tides',
];

describe('holdfast create', () => {
  it('writes a manifest that verifies, with what it found out by itself', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '.');
    await git(box, 'remote', 'add', 'origin', 'git@github.com:acme/tides.git');
    await box.write({
      'data/b.csv': 'b\n',
      'data/a/é.txt': 'a\n',
      'data/LICENSE': 'Attribution 4.0 International',
    });
    const { code, document } = await box.json(
      [
        ...first,
        '--creator',
        'Ann <ann@example.org> (0000-0002-1825-0097)',
        '--source',
        'Gauges https://example.org/g',
        '--metadata',
        'org.example.station=42',
        '--keyword',
        'sea',
        '--keyword',
        'tide',
      ],
      {
        env: { SOURCE_DATE_EPOCH: '1795242600' },
      },
    );
    expect({ code, problems: document.problems }).toEqual({ code: 0, problems: [] });
    expect(document.result).toEqual({
      file: 'manifests/tides-v1.0.0.json',
      name: 'tides',
      version: '1.0.0',
      tier: 'standard',
      cid: expect.stringMatching(/^bafybei/),
      files: 3,
      totalSize: 33,
      license: 'CC-BY-4.0',
      skipped: [],
      reused: 0,
      fileList: null,
    });
    const { dataset } = JSON.parse(await readFile(box.path(document.result.file), 'utf8'));
    expect(dataset).toMatchObject({
      revision: 1,
      repository: 'acme/tides',
      created: '2026-11-21T06:30:00Z',
      creators: [{ name: 'Ann', email: 'ann@example.org', orcid: '0000-0002-1825-0097' }],
      sources: [{ title: 'Gauges', url: 'https://example.org/g' }],
      metadata: { 'org.example.station': '42' },
      keywords: ['sea', 'tide'],
      profile: 'unixfs-v1-2025',
    });
    expect((await box.run(['verify', document.result.file, '--unsigned', '--content', 'data'])).code).toBe(0);
  });

  it('gives the same bytes for the same folder and time', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const env = { SOURCE_DATE_EPOCH: '1795242600' };
    await box.run([...first, '-o', 'one.json'], { env });
    await box.run([...first, '-o', 'two.json'], { env });
    expect(await readFile(box.path('one.json'), 'utf8')).toBe(await readFile(box.path('two.json'), 'utf8'));
  });

  it('reuses the description of the version before it, and names it', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const mirror = ['--mirror', 'https://example.org/tides-1.0.0.tar'];
    await box.run([...first, '--license', 'CC0-1.0', '--title', 'The tides', ...mirror]);
    await box.write({ 'data/b': 'b' });
    const { stderr } = await box.run([
      'create',
      'data',
      '--name',
      'tides',
      '--version',
      '1.1.0',
      '--title',
      'More tides',
    ]);
    expect(stderr).toContain('reusing from 1.0.0');
    const { dataset } = JSON.parse(await readFile(box.path('manifests/tides-v1.1.0.json'), 'utf8'));
    expect(dataset).toMatchObject({
      license: 'CC0-1.0',
      title: 'More tides',
      tier: 'standard',
      previous: { version: '1.0.0' },
    });
    // What the mirror has is the version before.
    expect(dataset.mirrors).toBeUndefined();
    const inspected = (await box.run(['inspect', 'manifests/tides-v1.1.0.json'])).stdout;
    expect(inspected).toContain('since 1.0.0: 1 B more');
    expect(inspected).toContain('+ b');
    expect(inspected).toContain('~ title');
  });

  it('off a terminal names everything that is missing at once, and writes nothing', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const { code, stderr } = await box.run(['create', 'data']);
    expect(code).toBe(2);
    expect(stderr).toContain('missing: --name, --version, --tier, --description');
    expect((await box.run(['verify', 'manifests'])).code).toBe(2);
  });

  it('does not replace a manifest without --force', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    await box.run(first);
    const again = await box.run(first);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('choose another --version');
    expect((await box.run([...first, '--force'])).code).toBe(0);
  });

  it.each([
    ['a folder that is not there', ['create', 'dato', ...first.slice(2)], 2, 'did you mean data?'],
    ['a license that is none', [...first, '--license', 'CC BY 4.0'], 1, 'did you mean CC-BY-4.0?'],
    [
      'a name with capitals',
      ['create', 'data', '--name', 'Tides', ...first.slice(4)],
      1,
      'expected a name of a-z',
    ],
    ['a creator out of shape', [...first, '--creator', '<ann@example.org>'], 2, '--creator expects'],
    ['metadata without a value', [...first, '--metadata', 'org.example'], 2, '--metadata expects KEY=TEXT'],
  ])('%s: says what to do and writes nothing', async (_, args, code, message) => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const ended = await box.run(args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
    expect((await box.run(['inspect', 'manifests/tides-v1.0.0.json'])).code).toBe(2);
  });

  it('does not take the whole repository for a dataset, unless an ignore file says what is left out', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '.');
    await box.write({ 'data.csv': 'a' });
    const whole = ['create', '.', ...first.slice(2)];
    expect(await box.run(whole)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name the folder of the data'),
    });
    await box.write({ '.holdfastignore': 'manifests/\n' });
    expect((await box.json(whole)).document.result).toMatchObject({ files: 1 });
  });

  it('does not write the manifest into the dataset, whose content that would change', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    for (const args of [
      [...first, '-o', 'data/tides.json'],
      ['create', '.', ...first.slice(2)],
    ]) {
      const { code, stderr } = await box.run(args);
      expect({ code, said: stderr.includes('would be part of the dataset') }).toEqual({
        code: 2,
        said: true,
      });
    }
    expect(await readdir(box.path('data'))).toEqual(['a']);
    expect((await box.run([...first, '-o', 'data.json'])).code).toBe(0);
  });

  it('refuses a folder with a symbolic link by name, and takes it with --symlinks', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    await symlink('a', box.path('data/link'));
    const refused = await box.run(first);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('link');
    expect((await box.json([...first, '--symlinks', 'skip'])).document.result.skipped).toEqual([
      { path: 'link', reason: 'symlink' },
    ]);
  });
});

describe('the command that is said to come next', () => {
  it.each([
    'x.json',
    '-x.json',
    'with space.json',
    "it's.json",
    '~/x.json',
    '$(touch ran).json',
    'a;touch ran',
    '-rf/`touch ran`.json',
  ])('can be pasted for %s, and nothing in the name runs', { tags: ['slow'] }, async (file) => {
    await using box = await sandbox();
    await initialized(box);
    await box.write({ 'data/a': 'a' });
    const { stdout } = await box.run([...createArgs(), `--output=${file}`]);
    const next = /^next: (.+)$/m.exec(stdout)?.[1] ?? '';
    const program = `holdfast() { '${process.execPath}' '${binary}' "$@"; }`;
    const pasted = await execute('sh', ['-c', `${program}\n${next}`], box.folder, { HOME: box.home });
    expect(pasted).toMatchObject({ code: 0, stdout: expect.stringContaining('signed tides 1.0.0 as alice') });
    expect(await readdir(box.folder)).not.toContain('ran');
  });
});

describe('holdfast cid', () => {
  it('prints what Kubo gives, and nothing else with --quiet', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a.csv': 'a,b\n', 'data/b.txt': 'hi\n' });
    const { stdout } = await box.run(['cid', '--quiet', 'data']);
    expect(stdout).toBe('bafybeib46x7gjrunlao4y7jrbqiz2moqwdmynndrrqs3v4skx7uqgulfcm\n');
    const { document } = await box.json(['cid', 'data/a.csv']);
    expect(document.result).toEqual({
      cid: 'bafkreic34cgjnbfb2jppz3qjggbajascpcyixp5uv34xh77p2c45or4dcm',
      profile: 'unixfs-v1-2025',
      files: 1,
      totalSize: 4,
      dagSize: 4,
      skipped: [],
    });
  });
});

describe('secrets in the folder', { tags: ['slow'] }, () => {
  const secrets = {
    'data/a.csv': 'a\n',
    'data/.env': 'TOKEN=1\n',
    'data/.ssh/id_ed25519': 'key\n',
    'data/.ssh/known_hosts': 'host\n',
    'data/.DS_Store': 'x',
    'data/.git-credentials': 'https://me:secret@example.org',
    'data/deep/server.key': 'key\n',
    'data/aws-credentials.json': '{}',
  };

  it('do not go in silently: off a terminal they are listed and refused', async () => {
    await using box = await sandbox();
    await box.write(secrets);
    const { code, stderr } = await box.run(first);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(
        '6 hidden or private paths in data: .DS_Store, .env, .git-credentials, .ssh/, aws-credentials.json, deep/server.key',
      ),
    });
    expect(stderr).toContain('list them in data/.holdfastignore');
    await expect(readdir(box.path('manifests'))).rejects.toThrow('ENOENT');
    await box.write({ 'data/.holdfastignore': '.*\n*.key\n*credentials*\n' });
    const { document } = await box.json(first);
    expect(document.result).toMatchObject({ files: 1 });
  });

  it('go in with --include-hidden, and the next version asks only about new ones', async () => {
    await using box = await sandbox();
    await box.write(secrets);
    expect((await box.json([...first, '--include-hidden'])).document.result.files).toBe(8);
    const next = ['create', 'data', '--name', 'tides', '--version', '1.1.0'];
    await box.write({ 'data/.netrc': 'x' });
    expect((await box.run(next)).stderr).toContain('1 hidden or private path in data: .netrc');
    await box.write({ 'data/.holdfastignore': '.netrc\n' });
    expect((await box.run(next)).code).toBe(0);
  });

  it('are not sent to a node either', async () => {
    await using box = await sandbox();
    await box.write(secrets);
    const { code, stderr } = await box.run(['publish', 'data', '--local', 'store']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--include-hidden') });
  });

  it('are no reason to ask about a Zarr store', async () => {
    await using box = await sandbox();
    await box.write({
      'data/t/.zarray': '{}',
      'data/t/.zattrs': '{}',
      'data/.zgroup': '{}',
      'data/t/0.0': 'x',
    });
    expect((await box.run(first)).code).toBe(0);
  });

  it('show in a dry run, which writes nothing', async () => {
    await using box = await sandbox();
    await box.write({ ...secrets, 'data/.holdfastignore': '.ssh\n' });
    const { document } = await box.json(['create', 'data', '--dry-run']);
    expect(document.result).toMatchObject({
      totalSize: 46,
      skipped: [
        { path: '.holdfastignore', reason: 'ignore-file' },
        { path: '.ssh', reason: 'ignored' },
      ],
      hidden: ['.DS_Store', '.env', '.git-credentials', 'aws-credentials.json', 'deep/server.key'],
    });
    expect(document.result.files).toContainEqual({ path: 'a.csv', size: 2 });
    expect((await box.run(['create', 'data', '--dry-run'])).stdout).toContain('.ssh (ignored)');
    expect(await readdir(box.folder)).toEqual(['data']);
  });
});

describe('a mistake in the description', () => {
  it('is found before anything is hashed', async () => {
    await using box = await sandbox();
    // Nobody could read it, so that hashing would fail.
    await box.write({ 'data/a.csv': 'a\n' });
    await symlink('nowhere', box.path('data/b.csv'));
    const { code, document } = await box.json([...first, '--homepage', 'not a page']);
    expect(code).toBe(1);
    expect(document.problems.map((problem) => problem.code)).toContain('manifest/invalid-value');
    expect((await box.run(first)).stderr).toContain('"b.csv" is a symbolic link');
  });
});

describe('holdfast revise', () => {
  it('that changes nothing refuses, and keeps the signatures', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a.csv': 'a\n' });
    await box.run(first);
    const file = 'manifests/tides-v1.0.0.json';
    const before = await readFile(box.path(file), 'utf8');
    expect(await box.run(['revise', file, '--tier', 'standard'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing changes: tier is so already'),
    });
    expect(await readFile(box.path(file), 'utf8')).toBe(before);
  });
});
