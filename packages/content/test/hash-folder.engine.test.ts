import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { FileListWriter } from '@holdfast/manifest/files';
import { FileListReader } from '@holdfast/manifest/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestFolder, type FolderHash, hashFolder } from '../src/hash/hash-folder.ts';
import { type ProfileName, profiles } from '../src/profile.ts';
import { createRootBuilder, type RootFile, rootFromFiles } from '../src/root.ts';
import { KuboCli } from './support/kubo-cli.ts';
import { noise, type Tree, tempFolder } from './support/temp-folder.ts';

const names = Object.keys(profiles) as ProfileName[];

/** Kubo, this package's pass over the bytes, and the root rebuilt from the list must agree. */
async function expectSame(kubo: KuboCli, folder: string, profile: ProfileName): Promise<void> {
  const hash = await hashFolder(folder, { profile });
  const expected = kubo.hash(folder);
  expect(hash.cid).toBe(expected);
  expect(rootFromFiles(hash.files, profile)).toEqual({ cid: expected, dagSize: hash.dagSize });
  if (hash.files.length > 0) expect(rootOfList(hash, profile)).toBe(expected);
}

/** The root as it is rebuilt line by line from a file list. Names that no manifest may have are in no list. */
function rootOfList({ files, totalSize }: FolderHash, profile: ProfileName): string {
  const writer = new FileListWriter();
  const list = Buffer.concat([...writer.write(files)]);
  const builder = createRootBuilder(profile);
  const { fileList } = writer.claims(files[0]?.cid ?? '');
  const onFile = (file: RootFile) => builder.add(file);
  const reader = new FileListReader({ fileList, totalSize }, { onFile, maxProblems: files.length });
  reader.push(list);
  const { problems } = reader.end();
  const codes = new Set(problems.map(({ code }) => code));
  for (const refused of ['manifest/invalid-path', 'manifest/duplicate-path']) codes.delete(refused);
  expect([...codes]).toEqual([]);
  return problems.length > 0 ? rootFromFiles(files, profile).cid : builder.finish().cid;
}

describe.each(names)('%s, against real Kubo', { timeout: 300_000 }, (profile) => {
  const { chunkSize } = profiles[profile];

  it('agrees on folders: empty, deep, in every script, with names that need escaping', async () => {
    const kubo = await KuboCli.create(profile);
    await expectSame(kubo, tempFolder(), profile);
    await expectSame(kubo, tempFolder({ [`${'deep/'.repeat(120)}file`]: 'x' }), profile);
    const scripts = [
      'Ünïcode',
      '数据/文件',
      'данные',
      'בדיקה',
      '한국어',
      'ไทย',
      '🌊/🪸',
      'e\u0301',
      '\ufffd',
      '\uff5e',
      '𐀀',
    ];
    const awkward = [
      ' ',
      '%2F',
      '?a=b#c',
      '"q"',
      "it's",
      'a\\b',
      '-rf',
      '.hidden',
      '..x',
      'new\nline',
      '&<>',
      '~',
      'CON',
    ];
    const tree = Object.fromEntries([...scripts, ...awkward].map((name, i) => [name, `${i}`]));
    await expectSame(kubo, tempFolder(tree), profile);
  });

  it('agrees on sizes: nothing, a byte, and both sides of each step of the layout', async () => {
    const kubo = await KuboCli.create(profile);
    const sizes = [
      0,
      1,
      chunkSize - 1,
      chunkSize,
      chunkSize + 1,
      2 * chunkSize,
      1_048_575,
      1_048_577,
      17 * 1_048_576 + 3,
    ];
    const tree = Object.fromEntries(sizes.map((size, i) => [`${size}`, noise(size, i + 1)]));
    const folder = tempFolder(tree);
    await expectSame(kubo, folder, profile);
    const { files } = await hashFolder(folder, { profile });
    for (const file of files) {
      expect(file.cid).toBe(kubo.hash(join(folder, file.path)));
      expect(file.sha256).toBe(
        createHash('sha256')
          .update(tree[file.path] as Uint8Array)
          .digest('hex'),
      );
    }
  });

  it('agrees where a file needs one more level: the most links a node takes, and one more', async () => {
    const kubo = await KuboCli.create(profile);
    const folder = tempFolder();
    const most = profiles[profile].fileLinks * chunkSize;
    sparse(join(folder, 'full'), most);
    sparse(join(folder, 'more'), most + 1);
    await expectSame(kubo, folder, profile);
  });

  it('agrees at the HAMT threshold: on it, a byte over it, and with folders as entries', async () => {
    const kubo = await KuboCli.create(profile);
    for (const [extra, kind] of [-1, 0, 1].flatMap((n) => [[n, 'files'] as const, [n, 'folders'] as const])) {
      const folder = folderOfSize(profile, 262_144 + extra, kind);
      const { directories, sources } = await digestFolder(folder, { profile });
      const plain = 1 + (kind === 'folders' ? sources.length : 0);
      expect(directories.length > plain, 'is a HAMT').toBe(extra > 0);
      await expectSame(kubo, folder, profile);
    }
    const folders: Tree = Object.fromEntries(
      Array.from({ length: 2600 }, (_, i) => [`${i}-${'n'.repeat(60)}/f${i % 7}`, `${i}`]),
    );
    await expectSame(kubo, tempFolder(folders), profile);
  });

  it('agrees on 10,000 files, with HAMTs of several levels', async () => {
    const kubo = await KuboCli.create(profile);
    const tree = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f-${i}`, `content ${i}`]));
    await expectSame(kubo, tempFolder(tree), profile);
  });

  it('agrees on random trees', async () => {
    const kubo = await KuboCli.create(profile);
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[/\0]|^\.{1,2}$|^\.git$|^\.holdfastignore$|\p{Surrogate}/u.test(text));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
    const size = fc.oneof(fc.nat(300), fc.nat(3 * chunkSize));
    const tree = fc.uniqueArray(fc.tuple(path, size), { maxLength: 25, selector: ([each]) => each });
    await fc.assert(
      fc.asyncProperty(tree, async (entries) => {
        const paths = new Set(entries.map(([each]) => each));
        const folder = tempFolder();
        for (const [each, length] of entries) {
          const above = each
            .split('/')
            .slice(0, -1)
            .map((_, i, all) => all.slice(0, i + 1).join('/'));
          if (above.some((parent) => paths.has(parent))) continue;
          mkdirSync(join(folder, ...above.slice(-1)), { recursive: true });
          writeFileSync(join(folder, each), noise(length, length));
        }
        await expectSame(kubo, folder, profile);
      }),
      { numRuns: 25 },
    );
  });
});

function sparse(path: string, size: number): void {
  const fd = openSync(path, 'w');
  ftruncateSync(fd, size);
  writeSync(fd, noise(1000), 0, 1000, Math.floor(size / 3));
  closeSync(fd);
}

/** A folder whose size, as the profile estimates it, is exactly `size`. */
function folderOfSize(profile: ProfileName, size: number, kind: 'files' | 'folders'): string {
  const { hamtEstimate } = profiles[profile];
  // A link: 36 bytes of CID, the name, 7 bytes around them, and a Tsize of one byte for a file and two for a folder.
  const overhead = hamtEstimate === 'block' ? 36 + (kind === 'files' ? 8 : 9) : 34;
  const base = hamtEstimate === 'block' ? 4 : 0;
  const files: Record<string, string> = {};
  let rest = size - base;
  for (let i = 0; rest > 0; i++) {
    const most = Math.min(70, rest - overhead);
    const length = rest - overhead - most > 0 && rest - overhead - most < overhead + 10 ? most - 30 : most;
    const name = `${i}`.padStart(length, 'n');
    files[kind === 'files' ? name : `${name}/file`] = kind === 'files' ? 'x' : 'x'.repeat(200);
    rest -= overhead + length;
  }
  return tempFolder(files);
}
