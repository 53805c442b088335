import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { binary, execute, sandbox } from './support/holdfast.ts';
import { createArgs, initialized, signedTides } from './support/repository.ts';

describe('output that nobody reads', () => {
  it('does not stop the work', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const { code, document } = await box.json(createArgs(), { closed: 'stderr' });
    expect({ code, file: document.result.file }).toEqual({ code: 0, file: 'manifests/tides-v1.0.0.json' });
  });

  it('does not turn a failure into a success', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await writeFile(box.path(file), '{}');
    for (const closed of ['stdout', 'stderr'] as const)
      expect((await box.run(['verify', file], { closed })).code).toBe(1);
  });
});

it('output that cannot be written ends with 3 and says so', async () => {
  await using box = await sandbox();
  await box.write({ 'data/a': 'a' });
  const line = `'${process.execPath}' '${binary}' cid data > /dev/full`;
  const { code, stderr } = await execute('sh', ['-c', line], box.folder, { HOME: box.home });
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringMatching(/^holdfast: the output could not be written: .*\n {2}help: .*\n$/),
  });
});

it('in a folder that was removed says so, and --help still works', async () => {
  await using box = await sandbox();
  await box.write({ 'gone/a': 'a' });
  const from = (verb: string) =>
    execute(
      'sh',
      ['-c', `cd gone && rm -rf ../gone && '${process.execPath}' '${binary}' ${verb}`],
      box.folder,
      { HOME: box.home },
    );
  expect(await from('cid .')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the folder you are in is not there any more'),
  });
  await box.write({ 'gone/a': 'a' });
  expect((await from('--help')).code).toBe(0);
});
