import type { Dataset } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import type { Flags, Values } from '../frame/command.ts';
import { listed } from '../frame/flags.ts';
import { Misuse } from '../frame/misuse.ts';

export const tierNames = ['critical', 'important', 'standard', 'ephemeral'] as const;

/** The description of a dataset, apart from its content. `create` and `revise` share these flags. */
export const descriptionFlags = {
  tier: { type: 'string', choices: tierNames, about: 'how many copies to keep' },
  description: { type: 'string', value: 'TEXT', about: 'what it is, in one or two sentences' },
  title: { type: 'string', value: 'TEXT', about: 'title for people' },
  license: {
    type: 'string',
    value: 'SPDX',
    about: 'license, for example CC-BY-4.0; default: read from a LICENSE file',
  },
  keyword: { type: 'string', value: 'WORD', multiple: true, about: 'search keyword' },
  creator: {
    type: 'string',
    value: '"NAME <EMAIL> (ORCID)"',
    multiple: true,
    about: 'who made it; e-mail and ORCID are optional',
  },
  source: { type: 'string', value: '"TITLE URL"', multiple: true, about: 'what it was made from' },
  homepage: { type: 'string', value: 'URL', about: 'home page' },
  citation: { type: 'string', value: 'TEXT', about: 'how to cite it' },
  expires: { type: 'string', value: 'TIME', about: 'when the pins end, for example 2027-12-31T00:00:00Z' },
  origin: { type: 'string', value: 'MULTIADDR', multiple: true, about: 'a node that has the content' },
  mirror: { type: 'string', value: 'URL', multiple: true, about: 'another address of the content' },
  metadata: {
    type: 'string',
    value: 'KEY=TEXT',
    multiple: true,
    about: 'any other fact, under a reverse-DNS key',
  },
} as const satisfies Flags;

/** The flags of a command that writes a new manifest. */
export const draftFlags = {
  name: { type: 'string', value: 'NAME', about: 'name of the dataset: a-z, 0-9, ".", "_" and "-"' },
  version: { type: 'string', value: 'VERSION', about: 'version (SemVer), for example 1.0.0' },
  ...descriptionFlags,
  repository: {
    type: 'string',
    value: 'OWNER/NAME',
    about: 'the only repository that may publish it; default: read from the git remote',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    about: 'output file; default: manifests/NAME-vVERSION.json',
  },
  force: { type: 'boolean', about: 'replace a manifest that is not merged yet' },
} as const satisfies Flags;

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

/** The fields of a dataset that these flags set. */
export function describedBy(flags: Values<typeof descriptionFlags>): Mutable<Dataset> {
  const fields: Mutable<Dataset> = {};
  if (flags.tier !== undefined) fields.tier = flags.tier as Dataset['tier'];
  for (const name of ['description', 'title', 'license', 'homepage', 'citation', 'expires'] as const) {
    const value = flags[name];
    if (value !== undefined) fields[name] = value;
  }
  if (flags.keyword.length) fields.keywords = [...flags.keyword];
  if (flags.creator.length) fields.creators = flags.creator.map(creatorOf);
  if (flags.source.length) fields.sources = flags.source.map(sourceOf);
  if (flags.origin.length) fields.origins = [...flags.origin];
  if (flags.mirror.length) fields.mirrors = [...flags.mirror];
  if (flags.metadata.length) fields.metadata = Object.fromEntries(flags.metadata.map(entryOf));
  return fields;
}

function creatorOf(text: string): NonNullable<Dataset['creators']>[number] {
  const [, name, email, orcid] = /^([^<(]+?)\s*(?:<([^>]*)>)?\s*(?:\(([^)]*)\))?$/.exec(text) ?? [];
  if (!name) {
    throw new Misuse(`--creator expects "NAME <EMAIL> (ORCID)", got "${escapeText(text)}"`);
  }
  return {
    name,
    ...(email && { email }),
    ...(orcid && { orcid: orcid.replace(/^https?:\/\/orcid\.org\//, '') }),
  };
}

function sourceOf(text: string): NonNullable<Dataset['sources']>[number] {
  const [, title = text, url] = /^(.*?)\s+(https?:\/\/\S+)$/.exec(text) ?? [];
  return { title, ...(url && { url }) };
}

function entryOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new Misuse(
      `--metadata expects KEY=TEXT, got "${escapeText(text)}"`,
      'for example --metadata org.example.station=42',
    );
  }
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** The error that names the required flags that are missing. */
export function missingFlags(names: readonly string[]): Misuse {
  const flags = names.map((name) => `--${name}`);
  return new Misuse(
    `missing: ${flags.join(', ')}`,
    `there is no terminal to ask on; add ${listed(flags).replace(' or ', ' and ')}`,
  );
}
