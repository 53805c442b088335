import type { Dataset } from '@holdfast/manifest';
import { fieldOrder, inReadingOrder } from '@holdfast/manifest/internal';
import { pick } from '../frame/pick.ts';

/** The description that people write. */
const described = [
  'title',
  'description',
  'keywords',
  'homepage',
  'citation',
  'creators',
  'sources',
  'license',
  'tier',
] as const satisfies readonly (keyof Dataset)[];

/** The fields that the next version starts with. Mirrors are not among them: they hold the bytes of one version. */
const inherited = [...described, 'origins', 'metadata'] as const;

/** The fields that differ between any two versions: names, times and content. */
const versioned: readonly string[] = [
  'name',
  'version',
  'revision',
  'created',
  'previous',
  'cid',
  'totalSize',
  'files',
  'fileList',
];

/** The fields to compare between two versions. */
export const comparable = fieldOrder.filter((name) => !versioned.includes(name));

export function inheritedFrom(previous: Dataset): Pick<Dataset, (typeof inherited)[number]> {
  return inReadingOrder(pick(previous, inherited));
}

/** A valid dataset name from the name of a folder. */
export function nameFrom(folder: string): string {
  return folder
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 128);
}
