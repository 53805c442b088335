import * as z from 'zod/mini';
import {
  integerField,
  lineField,
  list,
  noted,
  proseField,
  rule,
  ruledField,
  textField,
  webField,
} from '../json/field-rule.ts';

import type { Immutable } from '../json/immutable.ts';

import { FileList } from './file-list.ts';
import { pathProblem } from './file-path.ts';
import { cidField, sha256Field } from './hash-fields.ts';
import { licenseProblem } from './license.ts';
import { originPattern } from './origin.ts';
import { schemaAddressField } from './schema-address-field.ts';
import { maxSignatures, Signature } from './signature.ts';
import { isTimestamp, timestampPattern } from './timestamp.ts';
import { isVersion, versionPattern } from './version.ts';

export const tierNames = ['critical', 'important', 'standard', 'ephemeral'] as const;
export const Tier = noted(z.enum(tierNames), {
  description:
    'How many copies: critical 5 to 7 in 3 regions, important 3 to 5, standard 2 to 3, ephemeral 1',
});
export type Tier = z.infer<typeof Tier>;

export const Profile = noted(z.enum(['unixfs-v1-2025', 'unixfs-v0-2015', 'custom']), {
  description: 'How the CIDs were built (IPIP-0499); with custom the root cannot be proved from the list',
});
export type Profile = z.infer<typeof Profile>;

export const timestampField = (description: string) =>
  textField({
    pattern: timestampPattern,
    expected: 'a time in UTC such as 2026-11-21T06:30:00Z',
    description,
    accepts: isTimestamp,
    examples: ['2026-11-21T06:30:00Z'],
  });

const versionField = textField({
  pattern: versionPattern,
  max: 256,
  expected: 'a version by SemVer such as 1.2.0',
  description: 'SemVer 2.0.0. The content of a version never changes once it is merged',
  examples: ['1.0.0'],
  accepts: isVersion,
});

export const DatasetFile = noted(
  z.strictObject({
    path: ruledField(pathProblem, {
      description: 'Relative POSIX path in NFC; the list is sorted by it',
      minLength: 1,
      maxLength: 4096,
      pattern: '^[^/\\\\]',
      examples: ['data/1990.csv'],
    }),
    size: integerField(0, 'Bytes'),
    sha256: sha256Field('SHA-256 of the bytes of the file, lower-case hexadecimal'),
    cid: cidField('CIDv1 of the file under the profile'),
    mediaType: z.exactOptional(
      textField({
        pattern:
          '^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*(?:; ?[a-z0-9-]+=[A-Za-z0-9._-]+)*$',
        max: 200,
        expected: 'a media type such as text/csv',
        description: 'Media type',
        examples: ['text/csv'],
      }),
    ),
  }),
  { description: 'One file of the dataset' },
);
export type DatasetFile = Immutable<z.infer<typeof DatasetFile>>;

const Creator = z.strictObject({
  name: lineField('Name of a person or organization'),
  orcid: z.exactOptional(
    textField({
      pattern: '^\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]$',
      max: 19,
      expected: 'an ORCID iD such as 0000-0002-1825-0097',
      description: 'ORCID iD',
      accepts: isOrcid,
    }),
  ),
  email: z.exactOptional(
    textField({
      pattern: '^[^\\s@<>]+@[^\\s@<>]+$',
      max: 254,
      expected: 'an e-mail address',
      description: 'E-mail address',
    }),
  ),
  url: z.exactOptional(webField('Page of the creator')),
});

const Source = z.strictObject({
  title: lineField('What this dataset was made from'),
  url: z.exactOptional(webField('Where that is')),
});

const Previous = z.strictObject({
  version: versionField,
  digest: sha256Field('Digest of the dataset of that version, as holdfast inspect prints it'),
});

const Withdrawn = z.strictObject({ reason: proseField('Why the dataset is taken out', 2000) });

const metadataKey = textField({
  pattern: '^[a-z0-9-]+(?:\\.[A-Za-z0-9_-]+)+$',
  max: 200,
  expected: 'a key in reverse-DNS form such as org.example.station',
  description: 'Reverse-DNS key',
});

export const datasetName = textField({
  pattern: '^[a-z0-9][a-z0-9._-]*$',
  max: 128,
  expected: 'a name of a-z, 0-9, ".", "_" and "-" that begins with a letter or digit, at most 128 characters',
  description: 'Name of the dataset: a-z, 0-9, ".", "_", "-"',
  examples: ['north-sea-tides'],
});

export const Dataset = noted(
  z.strictObject({
    name: datasetName,
    version: versionField,
    revision: integerField(
      1,
      'From 1; a change of anything but the content of a merged version takes the next one',
    ),
    repository: z.exactOptional(
      textField({
        pattern: '^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$',
        max: 200,
        expected: 'owner/name',
        description: 'owner/name of the only repository this manifest is for',
      }),
    ),
    description: proseField('What the dataset is'),
    title: z.exactOptional(lineField('Title for people')),
    keywords: z.exactOptional(list(lineField('A keyword', 100), 100, 'Words to find the dataset by')),
    homepage: z.exactOptional(webField('Page of the dataset')),
    citation: z.exactOptional(proseField('How to cite the dataset', 4000)),
    creators: z.exactOptional(list(Creator, 500, 'Who made the dataset')),
    sources: z.exactOptional(list(Source, 500, 'What the dataset was made from')),
    license: z.exactOptional(
      noted(z.string().check(rule<string>(licenseProblem)), {
        description: 'SPDX license expression',
        minLength: 1,
        maxLength: 256,
        examples: ['CC-BY-4.0', 'CC0-1.0', 'ODbL-1.0'],
      }),
    ),
    tier: Tier,
    cid: cidField('CIDv1 of the root, dag-pb or raw, in canonical lower-case base32'),
    profile: Profile,
    files: z.exactOptional(list(DatasetFile, 1_000_000, 'Every file of the dataset, sorted by path')),
    fileList: z.exactOptional(FileList),
    totalSize: integerField(0, 'Sum of the sizes'),
    created: timestampField('When the manifest was made'),
    expires: z.exactOptional(timestampField('When the pins end')),
    previous: z.exactOptional(noted(Previous, { description: 'The version that this one follows' })),
    withdrawn: z.exactOptional(
      noted(Withdrawn, { description: 'A signed tombstone: the dataset is taken out' }),
    ),
    origins: z.exactOptional(
      list(
        textField({
          pattern: originPattern,
          max: 500,
          expected:
            'a multiaddr that a node can dial, ending with /p2p/ and its peer ID in Base58, such as /dns4/data.example.org/tcp/4001/p2p/12D3KooW…',
          description: 'Multiaddr of a node that has the content now',
          examples: ['/dns4/data.example.org/tcp/4001/p2p/12D3KooW…'],
        }),
        50,
        'Multiaddrs of nodes that have the content now',
      ),
    ),
    mirrors: z.exactOptional(
      list(
        textField({
          pattern: '^(?:https://[^\\s/?#]+[^\\s]*|magnet:\\?[^\\s]+)$',
          expected: 'an https address or a magnet link',
          description: 'Another place that has the content',
        }),
        50,
        'Other places that have the content',
      ),
    ),
    metadata: z.exactOptional(
      noted(
        z.record(metadataKey, noted(z.string().check(rule<string>(metadataProblem)), { maxLength: 4096 })),
        {
          description: 'Strings for what the format does not know, under reverse-DNS keys',
        },
      ),
    ),
  }),
  {
    description: 'All that decisions depend on; the signatures are over the whole of it',
    // `datasetRules` has it too.
    oneOf: [{ required: ['files'] }, { required: ['fileList'] }],
  },
);
type DatasetFields = Immutable<z.infer<typeof Dataset>>;
/** The files are in the manifest, or in a list beside it. */
export type Dataset = InlineDataset | ListedDataset;
export type InlineDataset = Omit<DatasetFields, 'files' | 'fileList'> & {
  readonly files: readonly DatasetFile[];
  readonly fileList?: undefined;
};
export type ListedDataset = Omit<DatasetFields, 'files' | 'fileList'> & {
  readonly files?: undefined;
  readonly fileList: FileList;
};

export const Manifest = noted(
  z.strictObject({
    $schema: z.exactOptional(schemaAddressField('manifest')),
    dataset: Dataset,
    signatures: list(
      Signature,
      maxSignatures,
      'Who signed the dataset, at most 16; an empty list before anybody has',
      0,
    ),
  }),
  { title: 'Holdfast dataset manifest', description: 'One version of a dataset, and who signed it' },
);
export type Manifest = Omit<Immutable<z.infer<typeof Manifest>>, 'dataset'> & { readonly dataset: Dataset };

function metadataProblem(text: string): { message: string } | undefined {
  if (text.length > 4096) return { message: `expected at most 4096 characters, got ${text.length}` };
  return text.isWellFormed() ? undefined : { message: 'expected well-formed Unicode' };
}

/** ISO 7064 MOD 11-2 over the first fifteen digits. */
function isOrcid(text: string): boolean {
  if (!/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/.test(text)) return false;
  const digits = text.replaceAll('-', '');
  let total = 0;
  for (const digit of digits.slice(0, 15)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return digits.endsWith(check === 10 ? 'X' : String(check));
}
