import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { verifyFolder } from '../src/hash/verify-folder.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

const tree = { 'a.txt': 'one', 'sub/b.txt': 'two', 'sub/c': noise(3_000_000) };

describe('verifyFolder', () => {
  it('is content with the folder it was made from, as a dataset or a manifest', async () => {
    const folder = tempFolder(tree);
    const dataset = await hashFolder(folder);
    const fine = { ok: true, missing: [], extra: [], changed: [] };
    expect(await verifyFolder(folder, dataset)).toEqual(fine);
    expect(await verifyFolder(folder, { dataset })).toEqual(fine);
    const file = join(folder, 'sub/c');
    expect(await verifyFolder(file, await hashFolder(file))).toEqual(fine);
  });

  it('names what is missing, extra and changed', async () => {
    const folder = tempFolder(tree);
    const dataset = await hashFolder(folder);
    rmSync(join(folder, 'a.txt'));
    writeFileSync(join(folder, 'sub/b.txt'), 'TWO');
    writeFileSync(join(folder, 'sub/new'), '');
    const verdict = await verifyFolder(folder, dataset);
    expect(verdict).toMatchObject({ ok: false, missing: ['a.txt'], extra: ['sub/new'] });
    expect(verdict.changed).toEqual([
      {
        path: 'sub/b.txt',
        expected: expect.objectContaining({ size: 3, sha256: dataset.files[1]?.sha256 }),
        actual: expect.objectContaining({
          size: 3,
          sha256: expect.not.stringMatching(dataset.files[1]?.sha256 ?? ''),
        }),
      },
    ]);
  });

  it('reads a listed file though a rule would leave it out, and does not call an ignored one extra', async () => {
    const folder = tempFolder({ ...tree, 'build/listed': 'x' });
    const dataset = await hashFolder(folder);
    writeFileSync(join(folder, '.holdfastignore'), 'build\n');
    writeFileSync(join(folder, 'build/other'), 'y');
    expect(await verifyFolder(folder, dataset)).toMatchObject({ ok: true });
  });

  it('tells a list that does not come to its CID', async () => {
    const folder = tempFolder(tree);
    const dataset = await hashFolder(folder);
    const other = 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354';
    expect(await verifyFolder(folder, { ...dataset, cid: other })).toMatchObject({
      ok: false,
      root: dataset.cid,
    });
  });

  it('compares only sizes and SHA-256 where the CIDs are custom', async () => {
    const folder = tempFolder({ f: 'x' });
    const [file] = (await hashFolder(folder)).files;
    const custom = {
      cid: 'bafkqaaa',
      profile: 'custom' as const,
      files: [{ path: 'f', size: 1, sha256: file?.sha256 ?? '', cid: 'other' }],
    };
    expect(await verifyFolder(folder, custom)).toMatchObject({ ok: true });
  });

  it('is not led out of the folder by the list', async () => {
    const folder = tempFolder(tree);
    const dataset = await hashFolder(folder);
    const files = [{ ...dataset.files[0], path: '../outside', size: 0, sha256: '', cid: '' }];
    await expect(verifyFolder(folder, { ...dataset, files })).rejects.toMatchObject({ code: 'path-invalid' });
    symlinkSync('/', join(folder, 'link'));
    const through = [{ path: 'link/etc/hostname', size: 0, sha256: '', cid: dataset.cid }];
    await expect(verifyFolder(folder, { ...dataset, files: through })).rejects.toMatchObject({
      code: 'entry-unsupported',
    });
  });
});
