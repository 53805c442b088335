import { describe, expect, it } from 'vitest';
import { licenseOf } from '../src/manifest/license.ts';
import { sandbox } from './support/holdfast.ts';

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
