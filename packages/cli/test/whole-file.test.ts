import { mkdir, readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '../src/frame/whole-file.ts';
import { binary, execute, type Sandbox, sandbox } from './support/holdfast.ts';
import { createArgs, git, unsignedTides } from './support/repository.ts';

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
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('was not written: EFBIG') });
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
      stderr: expect.stringContaining(`${file} was not written: EFBIG`),
    });
    expect(await readFile(box.path(file), 'utf8')).toBe(before);
    expect(await readdir(box.path('manifests'))).toEqual(['tides-v1.0.0.json']);
  });
});
