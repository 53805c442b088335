import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { licenseOf } from '../src/manifest/license.ts';
import { sandbox } from './support/holdfast.ts';
import { createArgs, expectOk } from './support/repository.ts';

describe('a license that says nothing', () => {
  const create = (license: string) => createArgs({ license });

  it.each([
    ['CC-BY', 'did you mean CC-BY-4.0 or CC-BY-3.0?'],
    ['Proprietary', 'for terms of your own write LicenseRef-Proprietary'],
    ['public domain', 'take one such as CC-BY-4.0 or CC0-1.0'],
    ['cc-by-4.0', 'did you mean CC-BY-4.0?'],
    ['MIT OR GPL', 'did you mean GPL-3.0-or-later?'],
    ['CC BY 4.0', 'did you mean CC-BY-4.0?'],
  ])('"%s" is refused with the nearest', async (license, hint) => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const { code, stderr } = await box.run(create(license));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(hint) });
  });

  it.each([
    'CC-BY-4.0',
    'GPL-2.0+',
    'MIT OR Apache-2.0 WITH LLVM-exception',
    'LicenseRef-Proprietary',
    'etalab-2.0',
  ])('"%s" is taken', async (license) => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    expect(await box.run(create(license))).toMatchObject({ code: 0 });
  });

  it('a name that SPDX does not have is not signed, but a reader takes it: the list grows', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const { code, stderr } = await box.run(create('CC-BY-4.1'));
    expect(code).toBe(2);
    expect(stderr).toContain('"CC-BY-4.1" is not in the list of SPDX; did you mean CC-BY-');
    await expectOk(box, create('CC-BY-4.0'));
    const revised = await box.run(['revise', 'tides', '--license', 'Frobnicate-2.0']);
    expect(revised).toMatchObject({ code: 2, stderr: expect.stringContaining('LicenseRef-NAME') });
    const file = 'manifests/tides-v1.0.0.json';
    await box.write({ [file]: (await readFile(box.path(file), 'utf8')).replace('CC-BY-4.0', 'CC-BY-9.0') });
    expect((await box.json(['inspect', file])).document.problems).toEqual([]);
  });
});

describe('the license of a folder', () => {
  it.each([
    ['LICENSE', 'Creative Commons Attribution 4.0 International Public License', 'CC-BY-4.0'],
    ['LICENSE.md', 'Attribution-ShareAlike 4.0 International', 'CC-BY-SA-4.0'],
    ['LICENCE.txt', 'CC0 1.0 Universal', 'CC0-1.0'],
    ['COPYING', 'ODC Open Database License (ODbL) Version 1.0', 'ODbL-1.0'],
    ['LICENSE', 'SPDX-License-Identifier: PDDL-1.0', 'PDDL-1.0'],
    ['LICENSE', 'All rights reserved', undefined],
    ['README.md', 'CC0 1.0 Universal', undefined],
  ])('%s with "%s" is %s', async (name, text, expected) => {
    await using box = await sandbox();
    await box.write({ [name]: text });
    expect(await licenseOf(box.folder)).toBe(expected);
  });
});
