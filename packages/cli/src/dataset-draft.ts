import type { Dataset } from '@holdfast/manifest';

/** The order in which people read a manifest; the signature does not depend on it. */
const order: readonly (keyof Dataset)[] = [
  'name',
  'version',
  'revision',
  'repository',
  'title',
  'description',
  'keywords',
  'homepage',
  'citation',
  'creators',
  'sources',
  'license',
  'tier',
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
];

/** The fields in reading order, those that are undefined left out. */
export function inReadingOrder<T extends Partial<Dataset>>(fields: T): T {
  const entries = order.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]] as const]));
  return Object.fromEntries(entries) as T;
}

/** What one version says that the next most likely says too. */
export function inheritedFrom(previous: Dataset): Partial<Dataset> {
  const {
    title,
    description,
    keywords,
    homepage,
    citation,
    creators,
    sources,
    license,
    tier,
    mirrors,
    origins,
    metadata,
  } = previous;
  return inReadingOrder({
    title,
    description,
    keywords,
    homepage,
    citation,
    creators,
    sources,
    license,
    tier,
    mirrors,
    origins,
    metadata,
  } as Partial<Dataset>);
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
