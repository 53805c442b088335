import { basename, resolve } from 'node:path';
import type { Dataset } from '@holdfast/manifest';
import { compareVersions } from '@holdfast/manifest/internal';
import { ask } from '../frame/ask.ts';
import type { Tools, Values } from '../frame/command.ts';
import { inheritedFrom, nameFrom } from './dataset-draft.ts';
import { describedBy, type descriptionFlags, missingFlags, tierNames } from './description-flags.ts';
import { fieldProblem } from './field-problem.ts';
import { licenseToSign, usualLicenses } from './known-license.ts';
import { licenseOf } from './license.ts';
import { manifestsIn } from './manifest-file.ts';

interface GivenNames {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly tier: string | undefined;
  readonly description: string | undefined;
  readonly force: boolean;
}

/** Which version it will be. */
export interface Named {
  readonly name: string;
  readonly version: string;
  /** The version before this one, if there is one. */
  readonly previous?: {
    readonly version: string;
    readonly digest: string;
    readonly dataset: Dataset;
    /** Of its manifest. */
    readonly path: string;
  };
}

/** What people say about a dataset. */
export type Described = Partial<Omit<Dataset, 'files' | 'fileList'>>;

/** The name and version from flags, else from answers; each answer is checked at once. */
export async function nameAndVersion(
  given: GivenNames,
  root: string,
  shelf: string,
  tools: Tools,
): Promise<Named> {
  const missing = (['name', 'version'] as const).filter((flag) => given[flag] === undefined);
  if (missing.length > 0 && !tools.interactive) {
    // All that is missing at once. Without a name, nobody knows whether a version before gives the rest.
    throw missingFlags([...missing, ...(given.name === undefined ? neededToo(given) : [])]);
  }
  const name =
    given.name ??
    (await ask(
      {
        flag: 'name',
        text: 'Name',
        suggestion: nameFrom(basename(root)),
        problem: (answer) => fieldProblem('name', answer),
      },
      tools,
    ));
  const others = (await manifestsIn(shelf)).filter((read) => read.manifest.dataset.name === name);
  const ordered = others.toSorted((a, b) =>
    compareVersions(b.manifest.dataset.version, a.manifest.dataset.version),
  );
  const latest = ordered[0]?.manifest.dataset.version;
  const version =
    given.version ??
    (await ask(
      {
        flag: 'version',
        text: 'Version',
        suggestion: latest ? nextMinor(latest) : '1.0.0',
        problem: (answer) =>
          fieldProblem('version', answer) ??
          (others.some(({ manifest }) => manifest.dataset.version === answer) && !given.force
            ? `${name} ${answer} exists already, and a merged version never changes`
            : undefined),
      },
      tools,
    ));
  const before = ordered.find((read) => compareVersions(read.manifest.dataset.version, version) < 0);
  if (!before) return { name, version };
  const dataset = before.manifest.dataset;
  return {
    name,
    version,
    previous: { version: dataset.version, digest: before.digest, dataset, path: before.path },
  };
}

function neededToo(given: { tier: string | undefined; description: string | undefined }): string[] {
  return (['tier', 'description'] as const).filter((flag) => given[flag] === undefined);
}

function nextMinor(version: string): string {
  const [major = '0', minor = '0'] = version.split('.');
  return `${major}.${Number(minor) + 1}.0`;
}

/** The description from flags, the version before, a LICENSE file and answers. */
export async function describe(
  given: Values<typeof descriptionFlags>,
  root: string,
  previous: Named['previous'],
  tools: Tools,
): Promise<Described> {
  const inherited = previous && inheritedFrom(previous.dataset);
  const fields: { -readonly [K in keyof Described]: Described[K] } = { ...inherited, ...describedBy(given) };
  if (inherited) tools.note(`reusing from ${previous.version}: ${Object.keys(inherited).join(', ')}`);
  const missing = neededToo({ tier: fields.tier, description: fields.description });
  if (missing.length > 0 && !tools.interactive) throw missingFlags(missing);
  fields.description ??= await ask(
    {
      flag: 'description',
      text: 'Description, in one sentence',
      problem: (answer) => fieldProblem('description', answer),
    },
    tools,
  );
  fields.tier ??= (await ask(
    { flag: 'tier', text: 'Tier', choices: tierNames, suggestion: 'standard' },
    tools,
  )) as Dataset['tier'];
  const found = fields.license ?? (await licenseOf(resolve(root)).catch(() => undefined));
  const license = found ?? (tools.interactive ? await askLicense(tools) : '');
  if (license !== '') fields.license = license;
  return fields;
}

/** An empty answer leaves it out, which the report warns of. */
function askLicense(tools: Tools): Promise<string> {
  const text = `License, for example ${usualLicenses.join(', ')}; empty for none`;
  return ask({ flag: 'license', text, optional: true, problem: licenseToSign }, tools);
}
