import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchVerified } from '../src/fetch/fetch-verified.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import type { ProfileName } from '../src/profile.ts';
import { MemorySource } from './support/memory-source.ts';
import { noise, type Tree, tempFolder } from './support/temp-folder.ts';

const bigSize = 2_500_000;
const tree: Tree = {
  'a/big': noise(bigSize),
  'a/empty': '',
  'data/über.csv': 'x,y\n1,2\n',
  ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`many/${i}`, `${i}`])),
};

describe('fetchVerified', () => {
  it('takes only the listed files, and checks their SHA-256', async () => {
    const { hash, source } = await served(tree);
    const to = tempFolder();
    const [big] = hash.files;
    await fetchVerified(hash.cid, source, { to, files: [{ path: 'many/7' }] });
    expect(readdirSync(to, { recursive: true }).sort()).toEqual(['many', 'many/7']);
    const wrong = [{ path: 'a/empty', sha256: big?.sha256 ?? '' }];
    await expect(fetchVerified(hash.cid, source, { to, files: wrong })).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
    expect(readdirSync(join(to, 'a'))).toEqual([]);
    const absent = [{ path: 'many/7/deeper' }, { path: 'none' }];
    await expect(fetchVerified(hash.cid, source, { to, files: absent })).rejects.toMatchObject({
      code: 'path-missing',
    });
  });

  it('leaves right files alone and never writes over another one', async () => {
    const { hash, source } = await served(tree);
    const to = tempFolder();
    await fetchVerified(hash.cid, source, { to });
    const again = await fetchVerified(hash.cid, source, { to });
    expect(new Set(again.files.map(({ status }) => status))).toEqual(new Set(['present']));
    appendFileSync(join(to, 'many/7'), 'and more');
    await expect(fetchVerified(hash.cid, source, { to })).rejects.toMatchObject({
      code: 'target-exists',
    });
    writeFileSync(join(to, 'many/7'), '7');
    const changed = Buffer.from(tree['a/big'] as Uint8Array).fill(0, 2_000_000, 2_000_001);
    writeFileSync(join(to, 'a/big'), changed);
    await expect(fetchVerified(hash.cid, source, { to })).rejects.toMatchObject({
      code: 'target-exists',
    });
    expect(readFileSync(join(to, 'a/big')).equals(changed)).toBe(true);
  });

  it('writes a single file to the path it is given', async () => {
    const { hash, source } = await served(tree);
    const file = hash.files.find(({ path }) => path === 'a/big');
    const to = join(tempFolder(), 'renamed');
    await fetchVerified(file?.cid ?? '', source, { to });
    expect(statSync(to).size).toBe(bigSize);
  });

  it('reports progress up to the whole', async () => {
    const { hash, source } = await served(tree);
    let last: unknown;
    await fetchVerified(hash.cid, source, {
      to: tempFolder(),
      onProgress: (progress) => {
        last = progress;
      },
    });
    expect(last).toEqual({ kind: 'fetch', files: hash.files.length, bytes: hash.totalSize });
  });

  it('ends when it is aborted, and leaves no file under its final name', async () => {
    const { hash, source } = await served({ f: noise(9_000_000) });
    const controller = new AbortController();
    const to = tempFolder();
    const running = fetchVerified(hash.cid, source, {
      to,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    expect(existsSync(join(to, 'f'))).toBe(false);
  });
});

describe('where it writes', () => {
  it('does not write through a link inside the folder', async () => {
    const { hash, source } = await served({ 'sub/f': 'x' });
    const outside = tempFolder();
    const to = tempFolder();
    symlinkSync(outside, join(to, 'sub'));
    await expect(fetchVerified(hash.cid, source, { to })).rejects.toMatchObject({
      code: 'path-unsafe',
    });
    expect(readdirSync(outside)).toEqual([]);
  });

  it('does not write through a link in place of a file or of its part', async () => {
    const { hash, source } = await served({ f: 'x' });
    for (const name of ['f', 'f.holdfast-part']) {
      const outside = join(tempFolder({ victim: 'precious' }), 'victim');
      const to = tempFolder();
      symlinkSync(outside, join(to, name));
      await expect(fetchVerified(hash.cid, source, { to })).rejects.toMatchObject({
        code: expect.stringMatching(/^(path-unsafe|target-exists)$/),
      });
      expect(readFileSync(outside, 'utf8')).toBe('precious');
    }
  });

  it('does not wait for a FIFO that stands in place of a part', async () => {
    const { hash, source } = await served({ f: 'x' });
    const to = tempFolder();
    execFileSync('mkfifo', [join(to, 'f.holdfast-part')]);
    await expect(fetchVerified(hash.cid, source, { to })).rejects.toMatchObject({
      code: 'path-unsafe',
    });
  });

  it('says where it could not write', async () => {
    const { hash, source } = await served({ 'sub/f': 'x' });
    const to = tempFolder({ sub: 'a file' });
    await expect(fetchVerified(hash.cid, source, { to })).rejects.toMatchObject({
      code: 'path-unsafe',
    });
    const file = join(tempFolder({ taken: 'a file' }), 'taken');
    await expect(fetchVerified(hash.cid, source, { to: file })).rejects.toMatchObject({
      code: 'write-failed',
    });
    mkdirSync(join(to, 'empty'));
  });
});

async function served(files: Tree, profile: ProfileName = 'unixfs-v1-2025') {
  const folder = tempFolder(files);
  const hash = await hashFolder(folder, { profile });
  return { hash, source: await MemorySource.of(folder, profile) };
}
