import type { Dataset } from '@holdfast/manifest';
import { pick } from '../frame/pick.ts';

/** What people say of a dataset. */
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

/** The order in which people read a manifest; the signature does not depend on it. */
const order = [
  'name',
  'version',
  'revision',
  'repository',
  ...described,
  'created',
  'expires',
  'previous',
  'withdrawn',
  'origins',
  'mirrors',
  'metadata',
  'cid',
  'profile',
  'totalSize',
  'files',
] as const satisfies readonly (keyof Dataset)[];

/** What one version says that the next most likely says too. A mirror is of the bytes of one version. */
const inherited = [...described, 'origins', 'metadata'] as const;

/** What can differ between two versions besides what makes each of them one: names, times and content. */
export const comparable = [
  ...described,
  'expires',
  'repository',
  'profile',
  'withdrawn',
  'origins',
  'mirrors',
  'metadata',
] as const;

/** The fields in reading order, those that are undefined left out. */
export function inReadingOrder<T extends Partial<Dataset>>(fields: T): T {
  const entries = order.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]] as const]));
  return Object.fromEntries(entries) as T;
}

export function inheritedFrom(previous: Dataset): Partial<Dataset> {
  return inReadingOrder(pick(previous, inherited));
}

/** A name in the manifest's alphabet from whatever a folder is called. */
export function nameFrom(folder: string): string {
  return folder
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 128);
}

/** RFC 3339 to the second, in UTC. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
