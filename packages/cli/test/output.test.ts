import { readFile, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { binary, execute, sandbox } from './support/holdfast.ts';
import { createArgs, initialized, signedTides } from './support/repository.ts';

describe('output that nobody reads', () => {
  it('does not stop the work', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const { code, document } = await box.json(createArgs(), { closed: 'stderr' });
    expect({ code, file: document.result.file }).toEqual({ code: 0, file: 'manifests/tides-v1.0.0.json' });
  });

  it('does not turn a failure into a success', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await writeFile(box.path(file), '{}');
    for (const closed of ['stdout', 'stderr'] as const)
      expect((await box.run(['verify', file], { closed })).code).toBe(1);
  });
});

it('output that cannot be written ends with 3 and says so', { tags: ['slow'] }, async () => {
  await using box = await sandbox();
  await box.write({ 'data/a': 'a' });
  const line = `'${process.execPath}' '${binary}' cid data > /dev/full`;
  const { code, stderr } = await execute('sh', ['-c', line], box.folder, { HOME: box.home });
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringMatching(/^holdfast: the output could not be written: .*\n {2}help: .*\n$/),
  });
});

it('in a folder that was removed says so, and --help still works', { tags: ['slow'] }, async () => {
  await using box = await sandbox();
  await box.write({ 'gone/a': 'a' });
  const from = (command: string) =>
    execute(
      'sh',
      ['-c', `cd gone && rm -rf ../gone && '${process.execPath}' '${binary}' ${command}`],
      box.folder,
      { HOME: box.home },
    );
  expect(await from('cid .')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the current folder no longer exists'),
  });
  await box.write({ 'gone/a': 'a' });
  expect((await from('--help')).code).toBe(0);
});

describe('a private key named in place of a manifest', () => {
  it('is refused, and nothing of it is shown', async () => {
    await using box = await sandbox();
    await initialized(box);
    const { document } = await box.json(['keygen', 'bob', '-o', 'keys']);
    const key: string = document.result.privateKey;
    const secret = (await readFile(key, 'utf8')).split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    for (const args of [
      ['verify', key],
      ['inspect', key],
      ['sign', key],
      ['revise', key, '--tier', 'critical'],
      ['fetch', key],
      ['pin', key, '--local', 'copies'],
    ]) {
      const { code, stdout, stderr } = await box.run(args);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('holds a private key') });
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('nor is any other file that is no JSON', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write({ credentials: 'token = hunter2\n' });
    const { code, stdout, stderr } = await box.run(['verify', 'credentials']);
    expect({ code, shown: (stdout + stderr).includes('hunter2') }).toEqual({ code: 1, shown: false });
  });
});

it('more manifests than a process may have files open are read', { tags: ['slow'] }, async () => {
  await using box = await sandbox();
  await initialized(box);
  const text = await readFile(box.path(await signedTides(box)), 'utf8');
  const many = Array.from({ length: 300 }, (_, i) => `many/${i}.json`);
  await box.write(Object.fromEntries(many.map((path) => [path, text])));
  const { code, stdout } = await execute(
    'sh',
    ['-c', `ulimit -n 200; '${process.execPath}' '${binary}' verify many/*.json`],
    box.folder,
    { HOME: box.home },
  );
  expect({ code, valid: stdout.match(/is valid/g)?.length }).toEqual({ code: 0, valid: 300 });
});

it('a dataset named in place of a manifest is not read', async () => {
  await using box = await sandbox();
  await initialized(box);
  await box.write({ 'data/a': 'a' });
  await truncate(box.path('data/a'), 3_000_000_000);
  for (const [path, size] of [
    ['data/a', '3.0 GB'],
    ['/dev/zero', 'more than 16.8 MB'],
  ] as const) {
    expect(await box.run(['verify', path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${path} is ${size}, too large for a manifest`),
    });
  }
});
