// @module-tag slow
import { readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

const local = ['--local', 'copies/oslo', '--local', 'copies/lisbon'];
let box: Sandbox;
beforeAll(async () => {
  box = await sandbox();
  await initialized(box);
  await signedTides(box);
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Add tides');
  await expectOk(box, ['publish', 'data', ...local]);
  await expectOk(box, ['pin', ...local]);
  await expectOk(box, ['watch', '--once', ...local]);
});
afterAll(() => box[Symbol.asyncDispose]());

const read = (path: string) => readFile(box.path(path), 'utf8');

describe('holdfast site build', () => {
  it('builds the same site from the same commit and history, whenever that is', async () => {
    const first = (await box.run(['site', 'build', '--quiet'])).stdout;
    expect(await read('site/index.html')).toContain('The dataset has all its copies');
    expect(await read('site/datasets/tides/1.0.0/index.html')).toContain(
      'github.com/acme/tides/blob/HEAD/manifests/',
    );
    const second = await box.json(['site', 'build', '-o', 'again']);
    expect(second.document).toMatchObject({ exitCode: 0, result: { cid: first.trim(), datasets: 1 } });
    expect((await expectOk(box, ['cid', 'again', '--quiet'])).trim()).toBe(first.trim());
  });

  it('replaces a site, and nothing else', async () => {
    await expectOk(box, ['site', 'build']);
    await box.write({ 'site/old.html': 'old' });
    await expectOk(box, ['site', 'build']);
    expect(await readdir(box.path('site'))).not.toContain('old.html');
    const refused = await box.run(['site', 'build', '-o', 'data']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('data is not empty, and no site'),
    ]);
    expect(await readdir(box.path('data'))).toEqual(['1990.csv', 'deep']);
    expect((await readdir(box.folder)).filter((name) => /\.(new|old)-/.test(name))).toEqual([]);
  });

  it('puts in order what builds left behind that were killed', async () => {
    await expectOk(box, ['site', 'build', '-o', 'killed']);
    // Between its last two steps: the site is there under another name alone.
    await rename(box.path('killed'), box.path('killed.old-0123abcd'));
    await box.write({ 'killed.new-0123abcd/index.html': 'half', 'killed.new-4567cdef/index.html': 'half' });
    await utimes(box.path('killed.new-0123abcd'), 1, 1);
    await expectOk(box, ['site', 'build', '-o', 'killed']);
    expect(await read('killed/index.html')).toContain('The dataset has all its copies');
    // One that may be under way stays.
    expect((await readdir(box.folder)).filter((name) => name.startsWith('killed')).sort()).toEqual([
      'killed',
      'killed.new-4567cdef',
    ]);
  });

  it('leaves the site as it was where it is killed in the middle', async () => {
    await expectOk(box, ['site', 'build', '-o', 'stays']);
    const before = await readdir(box.path('stays'), { recursive: true });
    for (const afterMs of [150, 300, 450, 600, 750]) {
      await box.run(['site', 'build', '-o', 'stays'], {
        onStart: (kill) => setTimeout(() => kill('SIGKILL'), afterMs),
      });
      expect(await readdir(box.path('stays'), { recursive: true })).toEqual(before);
    }
  });

  it('shows notes of a file, and says what is wrong with one', async () => {
    await box.write({
      'notes.json': '[{"from":"2026-12-01T20:00Z","until":"2099-12-01T22:00Z","title":"New disks"}]',
    });
    await expectOk(box, ['site', 'build', '--notes', 'notes.json', '-o', 'noted']);
    expect(await read('noted/index.html')).toContain('New disks');
    await box.write({ 'notes.json': '[{"from":"tomorrow","title":"New disks"}]' });
    const wrong = await box.run(['site', 'build', '--notes', 'notes.json', '-o', 'noted']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('notes.json is no list of notes at 0.from'),
    ]);
  });

  it('passes over a line of the history that was cut, and says so', async () => {
    const month = `holdfast-history/${(await readdir(box.path('holdfast-history'))).find((name) => name.endsWith('.jsonl'))}`;
    const whole = await read(month);
    await writeFile(box.path(month), `${whole}{"v":1,"at":"20`);
    const built = await box.run(['site', 'build', '-o', 'cut']);
    expect([built.code, built.stderr]).toEqual([
      0,
      expect.stringContaining('is passed over: it is not whole'),
    ]);
    await writeFile(box.path(month), whole);
  });

  it('is built without a history too, and says how one begins', async () => {
    const built = await box.run(['site', 'build', '--history', 'none']);
    expect([built.code, built.stderr]).toEqual([2, expect.stringContaining('there is no history in none')]);
    const bare = await sandbox();
    await initialized(bare);
    await signedTides(bare);
    await git(bare, 'add', '.');
    await git(bare, 'commit', '-q', '-m', 'Add tides');
    expect(await expectOk(bare, ['site', 'build'])).toContain(
      'there is no history yet: holdfast watch --once begins one',
    );
    expect(await readFile(bare.path('site/index.html'), 'utf8')).toContain('Nobody has looked yet');
    await bare[Symbol.asyncDispose]();
  });

  it.each([
    [['site', 'paint'], 'site takes build or serve, not "paint"'],
    [['site', 'build', '--address', 'data.example.org'], '--address expects an address such as'],
    [['site', 'serve', '-o', 'nowhere'], 'there is no site in nowhere'],
    [['site', 'serve', '--at', '8000'], '--at expects HOST:PORT, got "8000"'],
  ])('%j: says what to do', async (args, message) => {
    await expectOk(box, ['site', 'build']);
    const { code, stderr } = await box.run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

async function answers(url: string): Promise<void> {
  const get = (path: string) => fetch(new URL(path, url), { redirect: 'manual' });
  expect(await (await get('/')).text()).toContain('<h1>');
  expect((await get('/datasets')).headers.get('location')).toBe('/datasets/');
  expect((await get('/style.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
  const out = ['/../data/1990.csv', '/%2e%2e/data/1990.csv', '/..%2fdata%2f1990.csv', '/%00', '/%', '/none'];
  for (const path of out) expect((await get(path)).status, path).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
}

describe('holdfast site serve', () => {
  it('serves the folder and nothing beside it, until Ctrl-C', async () => {
    await expectOk(box, ['site', 'build']);
    let asked: Promise<void> | undefined;
    const ended = await box.run(['site', 'serve', '--at', '127.0.0.1:0'], {
      onStderr: (text, kill) => {
        const url = /(http:\S+) serves site/.exec(text)?.[1];
        if (url !== undefined) asked ??= answers(url).finally(() => kill('SIGINT'));
      },
    });
    await asked;
    expect([ended.code, asked]).toEqual([130, expect.any(Promise)]);
  });
});

describe('holdfast expiring', () => {
  it('says what ends within the days asked for, and what keeps it', async () => {
    const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().replace(/\.\d+Z/, 'Z');
    expect(await expectOk(box, ['expiring'])).toContain('nothing ends within 30 days');
    await expectOk(box, ['signer', 'add', 'alice', '--until', soon]);
    await git(box, 'commit', '-qam', 'Alice leaves');
    const found = await box.run(['expiring', '--markdown', 'expiring.md']);
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(
      /! 20\d\d-\d\d-\d\d, in 19 days {2}alice: signatures count until then; after that nobody can change \*\*\n {2}holdfast signer add alice --until \S+ --rule "\*\*"/,
    );
    expect(found.stdout).toContain('holdfast signer add alice --until ');
    expect(await read('expiring.md')).toMatch(
      /^# Expiring: 1, the first within a month\n\n### alice \(signer\): /,
    );
    expect((await box.run(['expiring', '--days', '10'])).code).toBe(0);
    await expectOk(box, ['site', 'build', '-o', 'ending']);
    expect(await read('ending/index.html')).toContain('About to end');
    const metrics = await box.run(['watch', '--once', ...local, '--textfile', 'metrics.txt']);
    expect(metrics.code).toBe(0);
    expect(await read('metrics.txt')).toMatch(
      /holdfast_ending_timestamp_seconds\{kind="signer",id="alice"\} \d+/,
    );
  });
});
