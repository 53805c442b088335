import { mkdir, readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '../src/frame/whole-file.ts';
import { binary, execute, type Sandbox, sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, git, unsignedTides } from './support/repository.ts';

describe('a file written whole', () => {
  it('takes the place of what was there', async () => {
    await using box = await sandbox();
    await writeWhole(box.path('deep/a.json'), 'one');
    await writeWhole(box.path('deep/a.json'), 'two');
    expect(await readFile(box.path('deep/a.json'), 'utf8')).toBe('two');
    expect(await readdir(box.path('deep'))).toEqual(['a.json']);
  });

  it('that cannot be written is named, and leaves nothing beside what was there', async () => {
    await using box = await sandbox();
    await mkdir(box.path('a.json/full'), { recursive: true });
    await expect(writeWhole(box.path('a.json'), 'text')).rejects.toMatchObject({
      code: 'EISDIR',
      message: expect.stringContaining(`${box.path('a.json')} was not written: EISDIR`),
    });
    expect(await readdir(box.folder)).toEqual(['a.json']);
  });
});

describe('where nothing more can be written', { tags: ['slow'] }, () => {
  /** The system refuses every byte; the handler makes that an error, as on a full disk, in place of a signal. */
  function full(box: Sandbox, args: readonly string[]) {
    const handler = 'data:text/javascript,process.on("SIGXFSZ",()=>{})';
    const script = 'ulimit -f 0; exec "$@"';
    const command = [process.execPath, '--import', handler, binary, ...args];
    return execute('sh', ['-c', script, 'sh', ...command], box.folder, { HOME: box.home });
  }

  it('no half of a key stays, and the same command works once there is room', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '.');
    const ended = await full(box, ['init', '--signer', 'alice']);
    expect(ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('was not written: the file is larger'),
    });
    expect(await readdir(box.path('public-keys'))).toEqual([]);
    expect((await box.json(['init', '--signer', 'alice'])).document.result.key.signer).toBe('alice');
  });

  it('a manifest stays as it was', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const before = await readFile(box.path(file), 'utf8');
    const ended = await full(box, [...createArgs({ description: 'Another' }), '--force']);
    expect(ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`${file} was not written: the file is larger`),
    });
    expect(await readFile(box.path(file), 'utf8')).toBe(before);
    expect(await readdir(box.path('manifests'))).toEqual(['tides-v1.0.0.json']);
  });
});

/** `holdfast` where `disk` is a disk of its own, made for this process alone: 300 kB, or nothing can be written to it. */
async function withDisk(box: Sandbox, disk: 'small' | 'read-only', args: readonly string[]) {
  const mount = disk === 'small' ? '-o size=300k' : '-o ro';
  const script = `mount -t tmpfs ${mount} tmpfs disk && exec "$@"`;
  await mkdir(box.path('disk'), { recursive: true });
  const command = ['sh', '-c', script, 'sh', process.execPath, binary, ...args];
  const asRoot = ['unshare', '--map-root-user', '--mount', ...command];
  const may = await execute('unshare', ['--map-root-user', '--mount', 'true'], box.folder, {});
  // Some systems let nobody but root make a mount namespace.
  const [program = '', ...rest] =
    may.code === 0 ? asRoot : ['sudo', '-n', '-E', 'unshare', '--mount', ...command];
  return execute(program, rest, box.folder, { HOME: box.home });
}

describe('a disk', { tags: ['slow'] }, () => {
  const full = 'the disk is full (ENOSPC)';
  const readOnly = 'the file system is read-only (EROFS)';

  async function big(box: Sandbox) {
    await box.write({ 'data/a.bin': Buffer.alloc(900_000, 'a'), 'data/b.bin': Buffer.alloc(900_000, 'b') });
    await expectOk(box, ['publish', 'data', '--local', 'copies']);
    return expectOk(box, ['cid', 'data', '--quiet']).then((cid) => cid.trim());
  }

  it('that is full says so: fetch, publish and create', async () => {
    await using box = await sandbox();
    const cid = await big(box);
    const said = { code: 3, stderr: expect.stringContaining(full) };
    const fetched = await withDisk(box, 'small', ['fetch', cid, '--local', 'copies', '-o', 'disk/back']);
    expect(fetched).toMatchObject(said);
    expect(fetched.stderr).toContain('help: free some space and run the same command again');
    const published = await withDisk(box, 'small', ['publish', 'data', '--local', 'disk/copies']);
    expect(published).toMatchObject(said);
    expect(published.stderr).toContain('disk/copies');
    expect(published.stderr).toContain('help: free some space');
    const many = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, i) => [`many/${'x'.repeat(100)}${i}`, 'x']),
    );
    await box.write(many);
    const args = createArgs().map((word) => (word === 'data' ? 'many' : word));
    expect(await withDisk(box, 'small', [...args, '-o', 'disk/tides.json'])).toMatchObject(said);
  });

  it('that is read-only says so: fetch, publish, create and sign', async () => {
    await using box = await sandbox();
    const cid = await big(box);
    for (const args of [
      ['fetch', cid, '--local', 'copies', '-o', 'disk/back'],
      ['publish', 'data', '--local', 'disk/copies'],
      [...createArgs(), '-o', 'disk/tides.json'],
      ['keygen', 'alice', '-o', 'disk'],
    ]) {
      const ended = await withDisk(box, 'read-only', args);
      expect({ args: args[0], ...ended }).toMatchObject({
        code: expect.toBeOneOf([2, 3]),
        stderr: expect.stringContaining(readOnly),
      });
      expect(ended.stderr).toContain('help: the file system is read-only: choose another place');
    }
  });
});
