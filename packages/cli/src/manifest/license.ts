import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

// A phrase from one license's text that no other has. Longer names come first.
const phrases: readonly (readonly [RegExp, string])[] = [
  [/CC0 1\.0 Universal|creativecommons\.org\/publicdomain\/zero\/1\.0/i, 'CC0-1.0'],
  [/Attribution-NonCommercial-ShareAlike 4\.0 International/i, 'CC-BY-NC-SA-4.0'],
  [/Attribution-NonCommercial 4\.0 International/i, 'CC-BY-NC-4.0'],
  [/Attribution-ShareAlike 4\.0 International|creativecommons\.org\/licenses\/by-sa\/4\.0/i, 'CC-BY-SA-4.0'],
  [/Attribution 4\.0 International|creativecommons\.org\/licenses\/by\/4\.0/i, 'CC-BY-4.0'],
  [/Attribution 3\.0 Unported/i, 'CC-BY-3.0'],
  [/Open Database License \(ODbL\)/i, 'ODbL-1.0'],
  [/Open Data Commons Attribution License/i, 'ODC-By-1.0'],
  [/Open Data Commons Public Domain Dedication/i, 'PDDL-1.0'],
  [/Community Data License Agreement.{1,3}Permissive.{1,3}Version 2\.0/i, 'CDLA-Permissive-2.0'],
  [/Apache License\s+Version 2\.0/i, 'Apache-2.0'],
  [/Permission is hereby granted, free of charge, to any person obtaining a copy/i, 'MIT'],
];

const names = /^(licen[cs]e|copying)(\.(md|txt))?$/i;

/** The SPDX name of the license in `folder`, if its text is a well-known one. */
export async function licenseOf(folder: string): Promise<string | undefined> {
  const files = (await readdir(folder)).filter((name) => names.test(name)).sort();
  for (const file of files) {
    const text = (await readFile(join(folder, file), 'utf8')).slice(0, 20_000).replace(/\s+/g, ' ');
    const named = /SPDX-License-Identifier: ([^\s*]+)/.exec(text)?.[1];
    if (named) return named;
    const known = phrases.find(([phrase]) => phrase.test(text));
    if (known) return known[1];
  }
  return undefined;
}
