// @module-tag slow

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

/** tides 1.0.0, and 1.1.0 with a file more, one less, one changed and one moved. */
async function twoVersions(box: Sandbox): Promise<void> {
  await initialized(box);
  await box.write({ 'data/gone.csv': 'gone', 'data/old-name.csv': 'moved', 'data/deep/1991.csv': 'a' });
  await signedTides(box);
  await box.write({
    'data2/1990.csv': 'time,metres\n',
    'data2/deep/1991.csv': 'changed',
    'data2/new.csv': 'new',
  });
  await box.write({ 'data2/new-name.csv': 'moved' });
  await expectOk(box, ['create', 'data2', '--name', 'tides', '--version', '1.1.0']);
}

describe('a dataset by its name', () => {
  it('is the latest version, and NAME@VERSION is one of them', async () => {
    await using box = await sandbox();
    await twoVersions(box);
    const version = async (named: string) =>
      (await box.json(['inspect', named])).document.result.dataset.version;
    expect(await version('tides')).toBe('1.1.0');
    expect(await version('tides@1.0.0')).toBe('1.0.0');
    await expectOk(box, ['sign', 'tides@1.1.0']);
    await expectOk(box, ['verify', 'tides', 'tides@1.0.0']);
    await expectOk(box, ['revise', 'tides@1.0.0', '--tier', 'important']);
    expect(await readFile(box.path('manifests/tides-v1.0.0.json'), 'utf8')).toContain('"tier": "important"');
  });

  it('is looked for in the whole repository, wherever one stands', async () => {
    await using box = await sandbox();
    await twoVersions(box);
    const { code, stdout } = await box.run(['list', '--quiet']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'tides@1.0.0\ntides@1.1.0\n' });
  });

  it.each([
    ['tides@2.0.0', 'there is no version 2.0.0 of tides; there is 1.0.0, 1.1.0'],
    ['tydes', 'there is no dataset tydes; did you mean tides?'],
    ['waves@1.0.0', 'there is no dataset waves'],
  ])('%s is misuse that says what there is', async (named, message) => {
    await using box = await sandbox();
    await twoVersions(box);
    const { code, stderr } = await box.run(['verify', named]);
    expect({ code, said: stderr.includes(message) }).toEqual({ code: 2, said: true });
  });

  it('diff says what data was added, removed, changed and moved', async () => {
    await using box = await sandbox();
    await twoVersions(box);
    const { document } = await box.json(['diff', 'tides@1.0.0', 'tides']);
    expect(document).toMatchObject({
      exitCode: 0,
      result: {
        same: false,
        total: { added: { files: 1 }, removed: { files: 1 }, changed: { files: 1 }, moved: { files: 1 } },
      },
    });
    const text = (await box.run(['diff', 'tides@1.0.0', 'tides'])).stdout;
    for (const line of ['+ new.csv', '- gone.csv', '~ deep/1991.csv', '> old-name.csv → new-name.csv'])
      expect(text).toContain(line);
    expect((await box.json(['diff', 'tides', 'tides'])).document).toMatchObject({ result: { same: true } });
  });
});

it.each([
  ['push', 'publish'],
  ['pull', 'fetch'],
  ['rm', 'revise --withdraw'],
  ['toString', undefined],
])('%s is a word of other tools for %s', async (word, command) => {
  await using box = await sandbox();
  const { code, stderr } = await box.run([word]);
  expect(code).toBe(2);
  if (command) expect(stderr).toContain(`did you mean holdfast ${command}?`);
  else expect(stderr).not.toContain('did you mean');
});

it('keygen encrypts the key where HOLDFAST_PASSWORD is set', async () => {
  await using box = await sandbox();
  const made = await box.json(['keygen', 'alice'], { env: { HOLDFAST_PASSWORD: 'correct horse' } });
  expect(made.document.result.encrypted).toBe(true);
  expect(await readFile(made.document.result.privateKey, 'utf8')).toContain('ENCRYPTED');
});
