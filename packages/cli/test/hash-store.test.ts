import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFolderOf, hashStore } from '../src/content/hash-store.ts';
import { sandbox } from './support/holdfast.ts';

const long = new Date(Date.now() - 60_000);

describe('hashes between two runs', () => {
  it('are remembered, unless --no-cache is given', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a', 'data/b': 'b' });
    const create = (...more: string[]) =>
      box.json(['create', 'data', '--name', 'x', '--version', '1.0.0', '--tier', 'standard', ...more]);
    const described = ['--description', 'X', '--force'];
    // A file made just now is not remembered.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await create(...described)).document.result.reused).toBe(0);
    const again = await create(...described);
    expect(again.document.result.reused).toBe(2);
    expect(await readdir(join(box.home, '.cache/holdfast/hashes'))).toHaveLength(1);
    expect((await create(...described, '--no-cache')).document.result).toEqual({
      ...again.document.result,
      reused: 0,
    });
    const said = await box.run([
      ...['create', 'data', '--name', 'x', '--version', '1.0.0', '--tier', 'standard'],
      ...described,
    ]);
    expect(said.stdout).toContain('not read again: 2 unchanged files');
  });

  it('that are spoilt are ignored with a note', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const first = await box.run(['cid', 'data']);
    const [name = ''] = await readdir(join(box.home, '.cache/holdfast/hashes'));
    await writeFile(join(box.home, '.cache/holdfast/hashes', name), 'spoilt');
    const second = await box.run(['cid', 'data']);
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(second.stderr).toContain('so every file is hashed: expected at least 48 bytes, got 6');
  });

  it('that cannot be kept do not fail the run', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a', blocked: '' });
    const { code, stderr } = await box.run(['cid', 'data'], { env: { XDG_CACHE_HOME: box.path('blocked') } });
    expect(code).toBe(0);
    expect(stderr).toContain('the hash cache could not be');
  });
});

describe('the folder of hashes', () => {
  const ports = (home: string, notes: string[] = []) => ({
    env: { XDG_CACHE_HOME: home },
    clock: () => new Date(),
    note: (text: string) => void notes.push(text),
  });

  it('is in the cache folder of the user, and nowhere without one', () => {
    expect(hashFolderOf({ HOME: '/home/ann' })).toBe('/home/ann/.cache/holdfast/hashes');
    expect(hashFolderOf({ HOME: '/home/ann', XDG_CACHE_HOME: '/c' })).toBe('/c/holdfast/hashes');
    expect(hashFolderOf({})).toBeUndefined();
  });

  it('removes what was used longest ago when it grows over its limit', async () => {
    await using box = await sandbox();
    const store = hashStore(ports(box.home), 100);
    const folder = join(box.home, 'holdfast/hashes');
    for (const name of ['a', 'b', 'c']) await store?.save(name, new Uint8Array(30));
    for (const name of ['a', 'b', 'c']) await utimes(join(folder, name), long, long);
    await store?.load('a');
    await store?.save('d', new Uint8Array(50));
    expect((await readdir(folder)).sort()).toEqual(['a', 'd']);
  });

  it('does not take what is over its limit', async () => {
    await using box = await sandbox();
    const notes: string[] = [];
    await hashStore(ports(box.home, notes), 100)?.save('a', new Uint8Array(101));
    expect(notes).toEqual([expect.stringContaining('more than the cache')]);
    expect(await readdir(box.home)).toEqual([]);
  });

  it('shows a reader all of one of two files that are written at once', async () => {
    await using box = await sandbox();
    const store = hashStore(ports(box.home));
    const contents = [new Uint8Array(200_000).fill(1), new Uint8Array(200_000).fill(2)];
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await store?.save('a', contents[i % 2] as Uint8Array);
        const read = (await store?.load('a')) as Uint8Array;
        expect(contents.some((content) => Buffer.compare(content, read) === 0)).toBe(true);
      }),
    );
    expect(await readdir(join(box.home, 'holdfast/hashes'))).toEqual(['a']);
  });

  it('removes the part that a killed run left a day ago', async () => {
    await using box = await sandbox();
    const folder = join(box.home, 'holdfast/hashes');
    await mkdir(folder, { recursive: true });
    const old = new Date(Date.now() - 90_000_000);
    await writeFile(join(folder, 'a.part'), '');
    await writeFile(join(folder, 'b.part'), '');
    await utimes(join(folder, 'a.part'), old, old);
    await hashStore(ports(box.home))?.save('c', new Uint8Array(1));
    expect((await readdir(folder)).sort()).toEqual(['b.part', 'c']);
    expect(await readFile(join(folder, 'c'))).toHaveLength(1);
  });
});
