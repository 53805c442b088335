import { readdir, readFile, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { holdingFile } from '../src/frame/file-lock.ts';
import { gatewayOf } from './support/gateway.ts';
import { sandbox } from './support/holdfast.ts';
import { unsignedTides } from './support/repository.ts';

const never = new AbortController().signal;

describe('several commands on one file at once', { tags: ['slow'] }, () => {
  it('keep the signature of everyone who signed', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const signers = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
    for (const name of signers) await box.run(['keygen', name]);
    const ended = await Promise.all(signers.map((name) => box.run(['sign', file, '--key', name])));
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      signers.map(() => ({ code: 0, stderr: '' })),
    );
    const { document } = await box.json(['verify', file]);
    expect(document.result.manifests[0].signedBy).toEqual(signers);
    expect(await readdir(box.path('manifests'))).toEqual(['tides-v1.0.0.json']);
  });

  it('keep both changes of two revisions', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    await Promise.all([
      box.run(['revise', file, '--tier', 'critical']),
      box.run(['revise', file, '--title', 'Tides']),
    ]);
    const { dataset } = JSON.parse(await readFile(box.path(file), 'utf8'));
    expect(dataset).toMatchObject({ tier: 'critical', title: 'Tides' });
  });

  it('a signature is not added to a text that changed meanwhile', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    await box.run(['keygen', 'alice']);
    const stood = await readFile(box.path(file), 'utf8');
    const release = Promise.withResolvers<void>();
    const held = holdingFile(box.path(file), never, () => release.promise);
    const signing = box.run(['sign', file]);
    // By now it has read the file and waits to write.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await box.write({ [file]: stood.replace('Hourly', 'Daily') });
    release.resolve();
    await held;
    const { code, stderr } = await signing;
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('changed while you signed'),
    });
    expect(await readFile(box.path(file), 'utf8')).toContain('Daily');
  });

  it('one of two first drafts is written, and the other command says so', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a.csv': 'a\n' });
    const args = (text: string) => [
      'create',
      'data',
      ...['--name', 'tides', '--version', '1.0.0', '--tier', 'standard', '--description', text],
    ];
    const ended = await Promise.all(['One', 'Two', 'Three', 'Four'].map((text) => box.run(args(text))));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 2, 2, 2]);
  });
});

describe('two fetch into one folder at once', { tags: ['slow'] }, () => {
  it('the second says so, and everything is whole in the end', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a.csv': 'a'.repeat(3_000_000), 'data/b.csv': 'b\n' });
    await box.run(['publish', 'data', '--local', 'copies']);
    const { document } = await box.json(['cid', 'data']);
    await using gateway = await gatewayOf(box.path('data'));
    const release = Promise.withResolvers<void>();
    gateway.before = () => release.promise;
    const args = ['fetch', document.result.cid, '-o', 'back', '--gateway', gateway.url];
    const asked = Promise.withResolvers<void>();
    gateway.onAsked = () => asked.resolve();
    const first = box.run(args);
    await asked.promise;
    const second = await box.run(['fetch', document.result.cid, '-o', 'back', '--local', 'copies']);
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(/back is being changed by process \d+ on/);
    release.resolve();
    expect(await first).toMatchObject({ code: 0 });
    expect((await readdir(box.path('back'))).sort()).toEqual(['a.csv', 'b.csv']);
    expect(await readdir(box.folder)).not.toContain('.back.lock');
    expect(await box.run(args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 files already there'),
    });
  });

  it('several at once leave nothing half written', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a.csv': 'a'.repeat(3_000_000), 'data/b.csv': 'b\n' });
    await box.run(['publish', 'data', '--local', 'copies']);
    const { document } = await box.json(['cid', 'data']);
    const args = ['fetch', document.result.cid, '-o', 'back', '--local', 'copies'];
    const ended = await Promise.all(Array.from({ length: 5 }, () => box.run(args)));
    expect(ended.map(({ code }) => code)).toContain(0);
    for (const { code } of ended) expect([0, 3]).toContain(code);
    for (const name of ['a.csv', 'b.csv'])
      expect(await readFile(box.path('back', name))).toEqual(await readFile(box.path('data', name)));
    expect((await readdir(box.path('back'))).sort()).toEqual(['a.csv', 'b.csv']);
  });
});

describe('the lock of a file', () => {
  it('is taken over from a process that is gone', async () => {
    await using box = await sandbox();
    await box.write({ '.a.json.lock': `${hostname()} 999999999\n` });
    expect(await holdingFile(box.path('a.json'), never, async () => 'done')).toBe('done');
    expect(await readdir(box.folder)).toEqual([]);
  });

  it('is taken over by one alone', async () => {
    await using box = await sandbox();
    await box.write({ '.a.json.lock': `${hostname()} 999999999\n` });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        holdingFile(box.path('a.json'), never, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 2));
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  it('that names no owner is waited for, unless it is old', async () => {
    await using box = await sandbox();
    await box.write({ '.a.json.lock': '' });
    await utimes(box.path('.a.json.lock'), new Date(0), new Date(0));
    expect(await holdingFile(box.path('a.json'), never, async () => 'done')).toBe('done');
  });

  it('of a living process is not broken: the message names the file and the process', async () => {
    await using box = await sandbox();
    await box.write({ '.a.json.lock': `${hostname()} ${process.ppid}\n` });
    await expect(
      holdingFile(box.path('a.json'), never, async () => 'done', { waitMs: 100 }),
    ).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${process.ppid} on ${hostname()}`),
      hint: expect.stringContaining(box.path('.a.json.lock')),
    });
  });

  it('ends with the command that waits for it', async () => {
    await using box = await sandbox();
    await box.write({ '.a.json.lock': `${hostname()} ${process.ppid}\n` });
    const stop = new AbortController();
    const waiting = holdingFile(box.path('a.json'), stop.signal, async () => 'done');
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});
