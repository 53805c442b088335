import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describedDataset, exchangeTree, exportAll, exportForms } from './support/exchange.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk } from './support/repository.ts';

const goldens = new URL('./exchange/', import.meta.url).pathname;
const described = ['--name', 'tides', '--version', '1.0.0', '--tier', 'standard', '--description', 'Tides'];

const importArgs = (list: string, ...more: string[]) => [
  ...['import', list, ...described, '--license', 'CC0-1.0', '-o', 'imported.json'],
  ...more,
];

async function contentOf(box: Sandbox, file: string) {
  const { cid, files, profile } = JSON.parse(await readFile(box.path(file), 'utf8')).dataset;
  return { cid, files, profile };
}

describe('holdfast export', { tags: ['slow'] }, () => {
  it('writes each form as the tools of that form were seen to accept it', async () => {
    await using box = await sandbox();
    await exportAll(box, await describedDataset(box));
    const names = [...exportForms.map(([, name]) => name), ...(await bagNames(box.path('out/bag')))];
    for (const name of names) {
      const written = await readFile(box.path('out', name), 'utf8');
      await expect(written, name).toMatchFileSnapshot(join(goldens, `${name}.golden`));
    }
  });

  it('gives sha256sum -c a list that finds a changed file', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    await expectOk(box, ['export', file, '--sha256sums', '-o', 'SUMS']);
    const check = () =>
      execFileSync('sha256sum', ['-c', '--strict', '--quiet', '../SUMS'], {
        cwd: box.path('data'),
        stdio: 'pipe',
      });
    expect(String(check())).toBe('');
    await appendFile(box.path('data/a.csv'), 'x');
    expect(check).toThrow(/1 computed checksum did NOT match/);
  });

  it('prints the list to standard output, and one line of JSON with -o', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    const printed = await box.run(['export', file, '--sha256sums']);
    expect(printed.stdout).toBe(await readFile(join(goldens, 'SHA256SUMS.golden'), 'utf8'));
    const { document } = await box.json(['export', file, '--croissant', '-o', 'c.json']);
    expect(document.result).toMatchObject({ form: 'croissant', output: 'c.json', files: 5 });
    expect(await readFile(box.path('c.json'), 'utf8')).toContain('"contentUrl":"ipfs://bafybei');
    expect((await box.json(['export', file, '--croissant'])).document.error?.message).toContain(
      'need -o FILE',
    );
  });

  it.each([
    [[], 'missing: the form'],
    [['--bagit', '--croissant'], '--bagit and --croissant are two forms'],
    [['--bagit'], '--bagit needs -o DIR'],
    [['--sha256sums', '-o', 'data/a.csv'], 'data/a.csv exists already'],
    [['--bagit', '-o', 'data', '--force'], 'data exists already'],
    [['--croissant', '--gateway', 'ftp://x'], '--gateway expects an address'],
  ])('refuses %j', async (args, message) => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    const { code, stderr } = await box.run(['export', file, ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(await readFile(box.path('data/a.csv'), 'utf8')).toBe(exchangeTree['data/a.csv']);
  });
});

async function bagNames(folder: string): Promise<string[]> {
  return (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => `bag/${name}`);
}

describe('holdfast import', { tags: ['slow'] }, () => {
  it('takes SHA256SUMS with sizes, reads only the file of several chunks, and comes to the same root', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    await expectOk(box, ['export', file, '--sha256sums', '-o', 'SUMS']);
    const files = Object.entries(exchangeTree).map(([path, bytes]) => [
      path.slice(5),
      Buffer.byteLength(bytes),
    ]);
    await box.write({ sizes: files.map(([path, size]) => `${size} ./${path}\n`).join('') });
    const refused = await box.run(importArgs('SUMS', '--sizes', 'sizes'));
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('long.bin (2.5 MB, more than one chunk)'),
    });
    expect(refused.stderr).toContain('the CID of 1 file');
    await mkdir(box.path('big'));
    await cp(box.path('data/long.bin'), box.path('big/long.bin'));
    const { document } = await box.json(importArgs('SUMS', '--sizes', 'sizes', '--folder', 'big'));
    expect(document).toMatchObject({ exitCode: 0, result: { from: 'sha256sums', files: 5, derived: 4 } });
    expect(await contentOf(box, 'imported.json')).toEqual(await contentOf(box, file));
    await expectOk(box, ['verify', 'imported.json', '--unsigned', '--content', 'data']);
  });

  it('finds bytes that are not those of the list', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    await expectOk(box, ['export', file, '--sha256sums', '-o', 'SUMS']);
    await appendFile(box.path('data/long.bin'), 'x');
    const { document } = await box.json(importArgs('SUMS', '--folder', 'data'));
    expect(document).toMatchObject({
      exitCode: 1,
      result: { file: null },
      problems: [
        { code: 'proof/wrong-content', message: expect.stringContaining('"long.bin" expected SHA-256') },
      ],
    });
    expect((await readdir(box.folder)).includes('imported.json')).toBe(false);
  });

  it('takes a bag, full or with sizes in fetch.txt', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    await exportAll(box, file);
    const empty = await box.run(importArgs('out/bag'));
    expect(empty.stderr).toContain('long.bin (2.5 MB, more than one chunk)');
    await cp(box.path('data'), box.path('out/bag/data'), { recursive: true });
    await rm(box.path('out/bag/fetch.txt'));
    const { document } = await box.json(importArgs('out/bag'));
    expect(document.result).toMatchObject({ from: 'bagit', derived: 4 });
    expect(await contentOf(box, 'imported.json')).toEqual(await contentOf(box, file));
  });

  it('takes a bag with another digest by its bytes', async () => {
    await using box = await sandbox();
    await box.write({
      'bag/bagit.txt': 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n',
      'bag/data/a b': 'x',
    });
    const md5 = createHash('md5').update('x').digest('hex');
    await box.write({ 'bag/manifest-md5.txt': `${md5}  data/a b\n` });
    expect((await box.json(importArgs('bag'))).document.result).toMatchObject({ files: 1, derived: 0 });
    await rm(box.path('bag/data/a b'));
    expect((await box.run([...importArgs('bag'), '--force'])).stderr).toContain('(it has MD5)');
  });

  it('takes what DVC keeps in its cache, by the .dvc file or the .dir', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    const md5 = (bytes: string | Uint8Array) => createHash('md5').update(bytes).digest('hex');
    const place = (digest: string) => `repo/.dvc/cache/files/md5/${digest.slice(0, 2)}/${digest.slice(2)}`;
    const entries = Object.entries(exchangeTree);
    const list = JSON.stringify(
      entries.map(([path, bytes]) => ({ md5: md5(bytes), relpath: path.slice(5) })),
    );
    const dir = `${md5(list)}.dir`;
    await box.write({
      ...Object.fromEntries(entries.map(([, bytes]) => [place(md5(bytes)), bytes])),
      [place(dir)]: list,
      'repo/data.dvc': `outs:\n- md5: ${dir}\n  size: 2500017\n  nfiles: 5\n  hash: md5\n  path: data\n`,
    });
    for (const named of ['repo/data.dvc', place(dir)]) {
      const { document } = await box.json(importArgs(named, '--force'));
      expect(document.result).toMatchObject({ from: 'dvc', files: 5, derived: 0 });
      expect(await contentOf(box, 'imported.json')).toEqual(await contentOf(box, file));
    }
    await rm(box.path('repo/.dvc'), { recursive: true });
    expect((await box.run(importArgs('repo/data.dvc'))).stderr).toContain('which is not in .dvc/cache');
  });

  it('takes a tree listing of the Hugging Face Hub: small LFS files by the list, others by their bytes', async () => {
    await using box = await sandbox();
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const lfs = (path: string, text: string) => {
      const size = text.length;
      return {
        type: 'file',
        oid: '0'.repeat(40),
        size,
        path,
        lfs: { oid: sha256(text), size, pointerSize: 127 },
      };
    };
    const tree = [
      { type: 'directory', oid: '1'.repeat(40), size: 0, path: 'data' },
      lfs('data/a.parquet', 'rows'),
      { type: 'file', oid: '2'.repeat(40), size: 5, path: 'README.md' },
    ];
    await box.write({ 'tree.json': JSON.stringify(tree), 'copy/README.md': 'hello' });
    const refused = await box.run(importArgs('tree.json'));
    expect(refused.stderr).toContain('the CID of 1 file (it has Git object ID)');
    expect(refused.stderr).toContain('README.md (the list has no SHA-256 of it)');
    const { document } = await box.json(importArgs('tree.json', '--folder', 'copy'));
    expect(document.result).toMatchObject({ from: 'huggingface', files: 2, derived: 1 });
    await box.write({ 'copy/data/a.parquet': 'rows' });
    await expectOk(box, ['verify', 'imported.json', '--unsigned', '--content', 'copy']);
  });

  it('reads the other spellings of a list of sums', async () => {
    await using box = await sandbox();
    const sum = 'A'.repeat(64);
    await box.write({
      SUMS: `${sum}  ./a\r\n\n${sum} *b c\nSHA256 (d (e)) = ${sum}\n`,
      sizes: '1 a\n2 b c\n3 ./d (e)\n',
    });
    await expectOk(box, importArgs('SUMS', '--sizes', 'sizes'));
    const { files } = await contentOf(box, 'imported.json');
    expect(files.map(({ path, sha256 }: { path: string; sha256: string }) => [path, sha256])).toEqual(
      ['a', 'b c', 'd (e)'].map((path) => [path, sum.toLowerCase()]),
    );
  });

  it.each([
    ['../secret', 'without empty, "." or ".." segments'],
    ['a/b', 'cannot be in the folder'],
    ['same', 'it is listed twice'],
  ])('refuses a list with %s', async (path, message) => {
    await using box = await sandbox();
    const sum = 'a'.repeat(64);
    const rest = path === 'a/b' ? 'a' : 'same';
    await box.write({ SUMS: `${sum}  ${path}\n${sum}  ${rest}\n`, secret: 'x', 'data/x': '' });
    const { code, stderr } = await box.run(importArgs('SUMS', '--folder', 'data'));
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(message);
    expect((await readdir(box.folder)).includes('imported.json')).toBe(false);
  });

  it.each([
    ['no list', 'SUMS:1 expected 64 hex digits and a path, got "no list"'],
    ['[1]', 'SUMS expected a list of objects'],
    ['[{"relpath": "x"}]', 'entry 0 of SUMS expected "md5" and "relpath"'],
    ['[{"path": "x"}]', 'entry 0 of SUMS expected "type", "path" and "size"'],
    ['[', 'SUMS is not JSON'],
  ])('says of %j what it expected', async (text, message) => {
    await using box = await sandbox();
    await mkdir(dirname(box.path('SUMS')), { recursive: true });
    await writeFile(box.path('SUMS'), text);
    const { code, stderr } = await box.run(importArgs('SUMS'));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
