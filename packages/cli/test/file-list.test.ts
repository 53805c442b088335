// @module-tag slow
import { execFileSync } from 'node:child_process';
import { appendFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, git, initialized } from './support/repository.ts';

const manifest = 'manifests/tides-v1.0.0.json';
const list = 'manifests/tides-v1.0.0.files.jsonl';
const count = 1_205;

/** More files than a manifest lists itself: names that need escapes, names in another order in UTF-16, many in one folder. */
function files(changed = 0): Record<string, string> {
  const many = Array.from({ length: count - 5 }, (_, at) => [
    `data/hourly/${at % 7}/${String(at).padStart(5, '0')}.csv`,
    at < changed ? `changed ${at}\n` : `row ${at}\n`,
  ]);
  return {
    ...Object.fromEntries(many),
    'data/a "quoted".txt': 'q',
    'data/ä.txt': 'umlaut',
    'data/\u{1f30a}.txt': 'wave',
    'data/\uffee.txt': 'halfwidth',
    'data/deep/er/and/deeper.txt': 'd',
  };
}

async function published(box: Sandbox): Promise<void> {
  await initialized(box);
  await box.write(files());
  await expectOk(box, createArgs());
  await expectOk(box, ['sign', manifest]);
}

describe('a dataset with a list of files beside its manifest', () => {
  it('is created, verified, shown, compared and exported like any other', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write(files());
    const { document } = await box.json(createArgs());
    expect(document.result).toMatchObject({ files: count, fileList: list });
    const { dataset } = JSON.parse(await readFile(box.path(manifest), 'utf8'));
    expect([dataset.files, dataset.fileList.count]).toEqual([undefined, count]);
    expect((await readFile(box.path(list), 'utf8')).split('\n')).toHaveLength(count + 1);
    await expectOk(box, ['sign', manifest]);

    const verified = await box.run(['verify', manifest, '--content', 'data']);
    expect(verified.stdout).toContain(`${count.toLocaleString('en')} files`);
    expect(verified.code).toBe(0);
    const shown = await box.run(['inspect', manifest]);
    expect(shown.stdout).toContain('deep/er/and/deeper.txt');
    expect((await box.json(['list'])).document.result.datasets[0].files).toBe(count);
    await expectOk(box, ['export', manifest, '--sha256sums', '-o', 'SUMS']);
    execFileSync('sha256sum', ['-c', '--strict', '--quiet', '../SUMS'], { cwd: box.path('data') });

    await box.write(files(3));
    await expectOk(box, createArgs({ version: '1.1.0' }));
    const { total } = (await box.json(['diff', 'tides@1.0.0', 'tides@1.1.0'])).document.result;
    expect(total).toMatchObject({ changed: { files: 3 }, added: { files: 0 }, removed: { files: 0 } });
    const revised = await box.json(['revise', manifest, '--tier', 'important']);
    expect(revised.document.result).toMatchObject({ changed: ['tier'], written: true });
  });

  it('lists its files itself up to --inline-files, and loses the list that it no longer needs', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write({ 'data/a': '1', 'data/b': '2' });
    const inline = async (...more: string[]) => {
      const { document } = await box.json([...createArgs(), ...more]);
      return document.result?.fileList ?? null;
    };
    expect(await inline('--inline-files', '1')).toBe(list);
    expect(await inline('--inline-files', '2', '--force')).toBe(null);
    expect(await readdir(box.path('manifests'))).toEqual(['.gitkeep', 'tides-v1.0.0.json']);
    const wrong = await box.run([...createArgs(), '--inline-files', 'many']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('expects a number of files')]);
  });

  it('is refused by the line when its list was edited, cut or is missing', async () => {
    await using box = await sandbox();
    await published(box);
    const whole = await readFile(box.path(list));
    const problems = async () =>
      (await box.json(['verify', manifest])).document.problems.map(
        ({ code, file, line }) => `${code} ${file}:${line}`,
      );
    await writeFile(box.path(list), whole.subarray(0, whole.length - 10));
    expect(await problems()).toContain(`list/unfinished-line ${list}:${count}`);
    await writeFile(box.path(list), whole);
    await appendFile(box.path(list), '{}\n');
    expect(await problems()).toEqual([`list/wrong-size ${list}:${count + 1}`]);
    await rm(box.path(list));
    expect(await problems()).toEqual([expect.stringContaining(`list/missing ${manifest}:`)]);
    const { code, stderr } = await box.run(['diff', manifest, manifest]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`is not in ${list}`)]);
    expect((await box.run(['inspect', manifest])).stdout).toContain('which is not there');
  });

  it('goes from a folder to copies and back, with the list in Git', async () => {
    await using box = await sandbox();
    await published(box);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    expect((await box.run(['check'])).code).toBe(0);
    await expectOk(box, ['publish', 'data', '--manifest', manifest, '--local', 'one']);
    const pinned = await box.json(['pin', '--local', 'one', '--local', 'two', '--local', 'three']);
    const { satisfied, results } = pinned.document.result;
    expect(satisfied).toBe(2);
    expect(results.map(({ ids }: { ids: readonly string[] }) => ids[0]).sort()).toEqual([
      'tides@1.0.0',
      'tides@1.0.0/files',
    ]);
  });

  it('is fetched in part where its list is on IPFS alone', async () => {
    await using box = await sandbox();
    await published(box);
    await expectOk(box, ['publish', 'data', '--manifest', manifest, '--local', 'copies']);
    await rename(box.path(list), box.path('elsewhere'));
    const fetched = await box.json([
      ...['fetch', manifest, '--local', 'copies', '--file', 'hourly/3/**', '-o', 'part'],
    ]);
    expect(fetched.document.result.files).toHaveLength(171);
    expect(await readFile(box.path('part/hourly/3/00010.csv'), 'utf8')).toBe('row 10\n');
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides without its list');
    const plan = await box.json(['plan', '--local', 'copies']);
    expect(plan.document.problems).toEqual([]);
  });

  it('is published only with the list that the manifest names', async () => {
    await using box = await sandbox();
    await published(box);
    await writeFile(box.path(list), 'other\n');
    const { code, stderr } = await box.run(['publish', 'data', '--manifest', manifest, '--local', 'copies']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`is not the list of ${manifest}`)]);
    expect(await readdir(box.folder)).not.toContain('copies');
  });

  it('leaves nothing half-written', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write(files());
    await expectOk(box, createArgs());
    const { code } = await box.run(createArgs());
    expect(code).toBe(2);
    expect((await readdir(box.path('manifests'))).sort()).toEqual([
      '.gitkeep',
      'tides-v1.0.0.files.jsonl',
      'tides-v1.0.0.json',
    ]);
  });
});
