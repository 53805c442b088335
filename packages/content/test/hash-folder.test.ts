import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HashProgress, hashFolder } from '../src/hash/hash-folder.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

const mebibyte = 1_048_576;

describe('what is hashed', () => {
  it('lists files in byte order with size, SHA-256, CID and media type', async () => {
    const folder = tempFolder({ 'b.csv': 'x', 'a/z': '', 'a-b': 'hello', '\uff5e': '1', 𐀀: '2' });
    const hash = await hashFolder(folder);
    expect(hash.files.map(({ path }) => path)).toEqual(['a-b', 'a/z', 'b.csv', '\uff5e', '𐀀']);
    expect(hash.files[0]).toEqual({
      path: 'a-b',
      size: 5,
      sha256: createHash('sha256').update('hello').digest('hex'),
      cid: 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq',
      dagSize: 5,
    });
    expect(hash.files[2]?.mediaType).toBe('text/csv');
    expect(hash.totalSize).toBe(8);
  });

  it('hashes a single file as itself', async () => {
    const folder = tempFolder({ 'big.bin': noise(20 * mebibyte) });
    const hash = await hashFolder(join(folder, 'big.bin'));
    const [file] = hash.files;
    expect(file?.path).toBe('big.bin');
    expect(hash.cid).toBe(file?.cid);
    expect(file?.sha256).toBe(
      createHash('sha256')
        .update(noise(20 * mebibyte))
        .digest('hex'),
    );
  });

  it('gives the same however many threads read', { tags: ['slow'] }, async () => {
    const folder = tempFolder(Object.fromEntries([1, 40, 17, 3].map((n) => [`${n}`, noise(n * 999_983, n)])));
    const all = await Promise.all([1, 2, 3, 5].map((concurrency) => hashFolder(folder, { concurrency })));
    for (const each of all) expect(each).toEqual(all[0]);
  });

  it('tells how far it has come, and ends with everything', async () => {
    const folder = tempFolder({ a: noise(mebibyte), b: noise(17 * mebibyte) });
    const seen: HashProgress[] = [];
    await hashFolder(folder, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ kind: 'hash', totalFiles: 2, bytes: 18 * mebibyte });
  });

  it('lets a process end by itself, with no thread left behind', { tags: ['slow'] }, () => {
    const script = `import { hashFolder } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
      await hashFolder(process.argv[1]); process.stdout.write('done');`;
    const args = [
      '--conditions=@holdfast/source',
      '--input-type=module',
      '-e',
      script,
      tempFolder({ a: '1' }),
    ];
    expect(execFileSync(process.execPath, args, { timeout: 240_000 }).toString()).toBe('done');
  });
});

describe('what is left out', () => {
  it('leaves out .git, empty folders, and what .holdfastignore says, each named', async () => {
    const folder = tempFolder({
      '.holdfastignore': '*.tmp\n/build/\n!keep.tmp\n',
      '.git/config': 'x',
      'module/.git': 'gitdir: elsewhere',
      'a.tmp': '1',
      'keep.tmp': '2',
      'build/out': '3',
      'sub/build/in': '4',
      '.hidden': '5',
    });
    mkdirSync(join(folder, 'empty/nested'), { recursive: true });
    const { files, skipped } = await hashFolder(folder);
    expect(files.map(({ path }) => path)).toEqual(['.hidden', 'keep.tmp', 'sub/build/in']);
    expect(skipped).toEqual([
      { path: '.git', reason: 'git' },
      { path: '.holdfastignore', reason: 'ignore-file' },
      { path: 'a.tmp', reason: 'ignored' },
      { path: 'build', reason: 'ignored' },
      { path: 'empty', reason: 'empty-folder' },
      { path: 'empty/nested', reason: 'empty-folder' },
      { path: 'module', reason: 'empty-folder' },
      { path: 'module/.git', reason: 'git' },
    ]);
    const all = await hashFolder(folder, { ignoreFile: false });
    expect(all.files.map(({ path }) => path)).toContain('.holdfastignore');
  });

  it('refuses every symbolic link, socket and FIFO by name, in one error', async () => {
    const folder = tempFolder({ a: '1' });
    symlinkSync('a', join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const error = await hashFolder(folder).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'entry-unsupported' });
    for (const each of ['"link" is a symbolic link', '"pipe" is a FIFO', '"socket" is a socket']) {
      expect((error as Error).message).toContain(each);
    }
  });

  it('follows or skips symbolic links when told to', async () => {
    const folder = tempFolder({ 'real/a': '1' });
    symlinkSync('real', join(folder, 'linked'));
    symlinkSync('real/a', join(folder, 'file'));
    const followed = await hashFolder(folder, { symlinks: 'follow' });
    expect(followed.files.map(({ path }) => path)).toEqual(['file', 'linked/a', 'real/a']);
    const skipped = await hashFolder(folder, { symlinks: 'skip' });
    expect(skipped.files.map(({ path }) => path)).toEqual(['real/a']);
    expect(skipped.skipped).toEqual([
      { path: 'file', reason: 'symlink' },
      { path: 'linked', reason: 'symlink' },
    ]);
  });

  it.each([
    ['a link to a folder above it', '..', 'a symbolic link to a folder above it'],
    ['a link that leads nowhere', 'nowhere', 'a symbolic link that leads nowhere'],
  ])('refuses %s also when following', async (_, target, message) => {
    const folder = tempFolder({ 'sub/a': '1' });
    symlinkSync(target, join(folder, 'sub/link'));
    const error = await hashFolder(folder, { symlinks: 'follow' }).catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: 'entry-unsupported',
      message: expect.stringContaining(`"sub/link" is ${message}`),
    });
  });

  it('refuses names that are not UTF-8, and takes a name that has U+FFFD', async () => {
    const folder = tempFolder({ '\ufffd': '1' });
    expect((await hashFolder(folder)).files).toHaveLength(1);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff])]), 'x');
    await expect(hashFolder(folder)).rejects.toMatchObject({
      code: 'entry-unsupported',
      message: expect.stringContaining('is a name that is not UTF-8'),
    });
  });
});

describe('failures', () => {
  it('names what is not there', async () => {
    await expect(hashFolder(join(tempFolder(), 'none'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('names a file that may not be read', { tags: ['slow'] }, async () => {
    const folder = tempFolder({ secret: 'x', open: 'y' });
    chmodSync(join(folder, 'secret'), 0o000);
    chmodSync(folder, 0o755);
    expect(hashedByNobody(folder)).toContain(`unreadable ${join(folder, 'secret')}`);
  });

  it('notices a file that grows, shrinks or is written to while it is read', { tags: ['slow'] }, async () => {
    const folder = tempFolder({ big: '' });
    const path = join(folder, 'big');
    truncateSync(path, 1024 * mebibyte);
    const changes = [
      () => appendFileSync(path, 'more'),
      () => truncateSync(path, 100),
      () => {
        const fd = openSync(path, 'r+');
        writeSync(fd, 'other', 5);
        closeSync(fd);
      },
    ];
    for (const change of changes) {
      // The change comes when reading has begun, however long the threads took to start.
      let todo: (() => void) | undefined = change;
      const onProgress = ({ bytes }: HashProgress): void => {
        if (bytes === 0) return;
        todo?.();
        todo = undefined;
      };
      const error = await hashFolder(folder, { onProgress }).catch((each: unknown) => each);
      expect(error).toMatchObject({ code: 'changed-while-reading', subject: path });
      truncateSync(path, 1024 * mebibyte);
    }
  });

  it('stops at once when aborted, and leaves no file open', async () => {
    const folder = tempFolder({ big: '' });
    truncateSync(join(folder, 'big'), 4096 * mebibyte);
    const open = openFiles();
    const controller = new AbortController();
    const hashing = hashFolder(folder, { signal: controller.signal }).catch((each: unknown) => each);
    await sleep(60);
    // The work of all threads, which waiting for a busy machine does not lengthen.
    const before = process.cpuUsage();
    controller.abort(new Error('enough'));
    expect(await hashing).toMatchObject({ message: 'enough' });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
    await expect.poll(openFiles).toBeLessThanOrEqual(open);
    await expect(hashFolder(folder, { signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow(
      'never',
    );
  });
});

function openFiles(): number {
  return readdirSync(process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd').length;
}

/** Runs as a user without rights where the tests run as root, who may read everything. */
function hashedByNobody(folder: string): string {
  const script = `import { hashFolder } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
    if (process.geteuid() === 0) process.seteuid(65534);
    const error = await hashFolder(process.argv[1]).catch((each) => each);
    process.stdout.write(error.code + ' ' + error.subject);`;
  const args = ['--conditions=@holdfast/source', '--input-type=module', '-e', script, folder];
  return execFileSync(process.execPath, args, { timeout: 240_000 }).toString();
}
